import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { openStudy, readAll, startProgram, type Program } from '../../fixtures/program.ts'
import { gradeOf, isDone, signIn, type Deed, type Known, type Say } from '../deed.ts'

/** A study's votes, figures and whole folder leave the program: after the kill each is there whole, or not at all. */
export const exporting: Deed = {
  once: true,
  acts: Infinity,
  async prepare(root) {
    const program = await startProgram(join(root, 'data'))
    const { studyId } = await openStudy(program, 20)
    for (const reader of ['r1', 'r2', 'r3']) await readAll(program, reader, studyId, gradeOf)
    await program.get('lead', 'analysis.seal', { studyId, incomplete: false })
    const known = { studyId, whole: join(root, 'whole'), out: join(root, 'out') }
    await exportAll(program, known, known.whole, () => undefined)
    await program.close()
    return known
  },
  before: async ({ out }) => rmSync(String(out), { recursive: true, force: true }),
  work: (program, known, say) => exportAll(program, known, String(known['out']), say),
  async look(program, known, said) {
    const { whole, out } = known as { whole: string; out: string }
    const problems: string[] = []
    const compare = (): void => {
      for (const name of readdirSync(out).filter((one) => !one.startsWith('.')))
        if (readText(join(out, name)) !== readText(join(whole, name))) problems.push(`${name} is not whole`)
    }
    if (existsSync(out)) compare()
    for (const name of readdirSync(whole))
      if (isDone(said, name) && !existsSync(join(out, name))) problems.push(`${name} was acknowledged and is missing`)
    // Once more, to the same place: then all is there and nothing else.
    rmSync(join(out, 'folder'), { recursive: true, force: true })
    await exportAll(program, known, out, () => undefined)
    compare()
    if (readdirSync(out).sort().join() !== readdirSync(whole).sort().join())
      problems.push(`left: ${readdirSync(out).join(' ')}`)
    return problems
  },
}

async function exportAll({ services, ...program }: Program, known: Known, out: string, say: Say): Promise<void> {
  const studyId = String(known['studyId'])
  const lead = await signIn({ services, ...program }, 'lead')
  mkdirSync(out, { recursive: true })
  const { exports } = services
  const at = (name: string) => async () => join(out, name)
  const doing: [name: string, act: (name: string) => Promise<unknown>][] = [
    ['votes.csv', (name) => exports.votes(lead, studyId, at(name))],
    ['agreement.json', (name) => exports.agreement(lead, studyId, at(name))],
    ['folder', (name) => exports.folderAt(lead, { studyId, named: false }, join(out, name))],
  ]
  for (const [name, act] of doing) {
    say('asked', name, 1)
    await act(name)
    say('done', name, 1)
  }
}

/** Of a folder all its files; without what differs from time to time: when it was written, and the end of the audit chain. */
function readText(path: string): string {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return readdirSync(path)
      .sort()
      .map((name) => `${name}\n${readText(join(path, name))}`)
      .join('\n')
  }
  return text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME').replaceAll(/\d+:[0-9a-f]{64}/g, 'HEAD')
}
