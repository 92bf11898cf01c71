import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { deeds, startAgain, type DeedName, type Known, type Said } from './deeds.ts'

export interface DeedResult {
  /** Acts that were acknowledged, and rounds whose kill came in the middle of one. */
  acknowledged: number
  amid: number
  problems: string[]
}

/**
 * Lets a program without a window do a deed, kills it with SIGKILL at random moments, starts it again each time and looks whether
 * all that it acknowledged is there, whole and once, and whether the audit chain holds.
 */
export async function tortureDeed(name: DeedName, rounds: number, seed: number): Promise<DeedResult> {
  const root = mkdtempSync(join(tmpdir(), 'concord-torture-deed-'))
  const [data, prepared] = [join(root, 'data'), join(root, 'prepared')]
  const { once, prepare, look, ...deed } = deeds[name]
  const result: DeedResult = { acknowledged: 0, amid: 0, problems: [] }
  try {
    const known = await prepare(root)
    if (once) renameSync(data, prepared)
    // Of a single act the first round tells how long it takes.
    let { longest } = deed
    for (let round = 0; round <= rounds; round++) {
      if (once) {
        rmSync(data, { recursive: true, force: true })
        cpSync(prepared, data, { recursive: true })
      }
      const share = (((seed + round) * 2654435761) % 2 ** 32) / 2 ** 32
      // Every other round of acts without end is killed after the first was acknowledged, however slow the machine.
      const from = !once && round % 2 === 0 ? 'done' : 'asked'
      const { said, took } = await killed({ data, name, known, wait: longest * share, from })
      if (longest === Infinity) longest = took * 1.1
      const done = said.filter(({ kind }) => kind === 'done').length
      result.acknowledged += done
      if (said.length > 2 * done) result.amid++
      const program = await startAgain(data)
      try {
        const problems = await look(program, known, said)
        const { broken } = await program.services.audit.check()
        if (broken) problems.push(`the chain: ${broken.why}`)
        result.problems.push(...problems.map((one) => `round ${round}: ${one}`))
      } finally {
        await program.close()
      }
    }
    return result
  } finally {
    rmSync(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
}

interface Round {
  data: string
  name: string
  known: Known
  wait: number
  from: Said['kind']
}
/** Works for `wait` milliseconds from when the first act was asked for or done (Infinity: until it is done), then is killed. */
async function killed({ data, name, known, wait, from }: Round): Promise<{ said: Said[]; took: number }> {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'deeds-child.ts'), data, name, JSON.stringify(known)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const gone = new Promise((resolve) => child.on('exit', resolve))
  const said: Said[] = []
  let began = 0
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{')) continue
    const one = JSON.parse(line) as Said
    said.push(one)
    if (began === 0 && one.kind === from) {
      began = performance.now()
      if (wait !== Infinity) void pause(wait).then(() => child.kill('SIGKILL'))
    } else if (wait === Infinity && one.kind === 'done') break
  }
  const took = performance.now() - began
  child.kill('SIGKILL')
  await gone
  if (began === 0) throw new Error(`${name}: the program ended before it did anything.`)
  return { said, took }
}
