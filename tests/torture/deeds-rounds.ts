import { cpSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { copyDatabase } from '../fixtures/place.ts'
import { startAgain, type Deed, type Known, type Said } from './deed.ts'
import { deeds, type DeedName } from './deeds.ts'
import { killed, type Killed, type Killing } from './killed.ts'

export interface DeedResult {
  rounds: number
  /** Acts that were acknowledged; kills in the middle of one, between two, and of the start that follows a kill. */
  acknowledged: number
  amid: number
  between: number
  starting: number
  /** What a job consists of, or its first acts: the steps that kills are spread over. */
  steps: number
  /** Where it was killed at a step, and how often. */
  places: Map<string, number>
  problems: string[]
}

/**
 * Lets a program without a window do a deed, kills it with SIGKILL, starts it again each time and looks whether all that it
 * acknowledged is there, whole and once, and whether the audit chain holds. The first round is killed once everything was done, and
 * tells how long that is; of the others a third each is killed at a step (steps.ts) that is no statement inside a transaction, as
 * between two renames or before a commit, at any step, and at any moment, each spread evenly. Every fourth start after a kill is
 * killed too.
 */
export async function tortureDeed(name: DeedName, rounds: number, seed: number): Promise<DeedResult> {
  const root = mkdtempSync(join(tmpdir(), 'concord-torture-deed-'))
  const data = join(root, 'data')
  const deed: Deed = deeds[name]
  const result: DeedResult = {
    ...{ rounds: 0, acknowledged: 0, amid: 0, between: 0, starting: 0, steps: 0 },
    ...{ places: new Map(), problems: [] },
  }
  const ends: (() => Promise<void>)[] = []
  let copy: string | null = null
  try {
    const known = await deed.prepare(root, (end) => ends.push(end))
    if (deed.once) renameSync(data, join(root, 'prepared'))
    const whole = await round({ atDone: deed.acts, atStep: -1 }, 0)
    result.steps = whole.steps
    const borders = bordersOf(whole)
    const shares = spread(Math.ceil(rounds / 3), seed)
    let startSteps = 0
    for (let n = 1; n <= rounds; n++) {
      const share = shares[Math.ceil(n / 3) - 1]!
      const how = [
        { after: whole.took * share },
        { atStep: borders[Math.floor(borders.length * share)]! },
        { atStep: 1 + Math.floor(whole.steps * share) },
      ][n % 3]!
      await round(how, n, async () => {
        if (n % 4 !== 0) return
        const at = startSteps === 0 ? {} : { atStep: 1 + Math.floor(startSteps * share) }
        const begun = await killed({ data, name, known, onlyStart: true, ...at })
        if (begun.failed) result.problems.push(`round ${n}: it does not start again: ${begun.failed}`)
        if (startSteps === 0) startSteps = begun.steps
        else result.starting++
        noted(begun.said, 'start: ')
      })
    }
    return result

    async function round(
      how: Partial<Killing>,
      n: number,
      before: () => Promise<void> = () => Promise.resolve(),
    ): Promise<Killed> {
      if (deed.once) {
        rmSync(data, { recursive: true, force: true })
        cpSync(join(root, 'prepared'), data, { recursive: true })
        copy = await copyDatabase(data, copy)
      }
      await deed.before?.(known)
      const share = shareOf(seed, n)
      const largest = n === 0 ? undefined : deed.largest?.(data, share)
      const one = await killed({
        ...{ data, name, known, ...how, onlyStart: deed.starting === true },
        ...(largest === undefined ? {} : { largest }),
      })
      result.rounds++
      const { said } = one
      const done = said.filter(({ kind }) => kind === 'done').length
      result.acknowledged += done
      if (openActs(said) > 0) result.amid++
      else result.between++
      noted(said, '')
      const problems = one.failed ? [`it ended: ${one.failed}`] : n === 0 && done === 0 ? ['nothing was done'] : []
      deed.harm?.(data, share)
      await before()
      problems.push(...(await looked(deed, data, known, said)))
      result.problems.push(...problems.map((problem) => `round ${n} (${JSON.stringify(said.at(-1))}): ${problem}`))
      return one
    }
  } finally {
    for (const end of ends) await end()
    rmSync(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }

  function noted(said: readonly Said[], prefix: string): void {
    for (const { kind, what } of said)
      if (kind === 'killed') result.places.set(prefix + what, (result.places.get(prefix + what) ?? 0) + 1)
  }
}

async function looked(deed: Deed, data: string, known: Known, said: readonly Said[]): Promise<string[]> {
  try {
    const program = await (deed.start ?? startAgain)(data, known)
    try {
      const { broken } = await program.services.audit.check()
      const chain = broken && !deed.harm ? [`the chain: ${broken.why}`] : []
      return [...chain, ...(await deed.look(program, known, said))]
    } finally {
      await program.close()
    }
  } catch (error) {
    return [error instanceof Error ? (error.stack ?? error.message) : String(error)]
  }
}

/** Acts that were asked for and not done. */
function openActs(said: readonly Said[]): number {
  const open = new Map<string, number>()
  for (const { kind, what } of said)
    if (kind === 'asked') open.set(what, (open.get(what) ?? 0) + 1)
    else if (kind === 'done' && open.has(what)) open.set(what, open.get(what)! - 1)
  return [...open.values()].reduce((sum, n) => sum + Math.max(0, n), 0)
}

/** The steps after which something else is on the disk than before: all but statements, of which nothing is there until the commit. */
function bordersOf({ names, steps }: Killed): number[] {
  const all = Array.from({ length: steps }, (_, n) => n + 1)
  const found = all.filter(
    (n) => !/^(server: )?(insert|update|delete|alter|create|drop|set) /i.test(names[n - 1] ?? ''),
  )
  return found.length > 0 ? found : all
}

const shareOf = (seed: number, n: number): number => (((seed + n) * 2654435761) % 2 ** 32) / 2 ** 32

/** So many numbers from 0 to 1, one in each of equal parts, in an order of their own. */
function spread(count: number, seed: number): number[] {
  const parts = Array.from({ length: count }, (_, n) => (n + shareOf(seed, n)) / count)
  return parts
    .map((part, n) => [shareOf(seed + 7, n), part] as const)
    .sort(([a], [b]) => a - b)
    .map(([, part]) => part)
}
