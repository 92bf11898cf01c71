import { createInterface } from 'node:readline'
import type { Series } from '../../src/preload/contract/series.ts'
import { password, startProgram } from '../fixtures/program.ts'

/**
 * The program in a process of its own, to be killed: signs the trainer in, does what each line on its input asks for, and says
 * after every change of a run how many runs of the series are done and how many epochs the running one has.
 * Arguments: the data folder.
 */
const program = await startProgram(process.argv[2])
await program.get('theo', 'accounts.signIn', { name: 'theo', password })
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`)

for await (const line of createInterface({ input: process.stdin })) {
  const { channel, payload } = JSON.parse(line) as { channel: string; payload: unknown }
  const series = await program.get<Series>('theo', channel, payload)
  say({ id: series.id })
  void (async () => {
    for (;;) {
      const links = await program.db.selectFrom('training_series_run').select('run_id').execute()
      const done = await program.db.selectFrom('training_run').select('id').where('state', '=', 'done').execute()
      const epochs = await program.db.selectFrom('epoch').select('epoch').execute()
      say({ runs: links.length, done: done.length, epochs: epochs.length })
      await new Promise((later) => setTimeout(later, 5))
    }
  })()
}
