import type { Design, KnownCase } from '../../../preload/contract/design.ts'

/** What a study asks of a reader, before it is open. Queues differ by one scan where the numbers do not come out even. */
export interface Plan {
  /** Scans of a reader's own, fewest and most. */
  scans: [number, number]
  /** Of them come a second time, in the first round. */
  again: [number, number]
  /** Other scans that really lie between the two showings; null: nothing comes again. */
  between: number | null
  calibration: number
  hidden: number
  rounds: number
  paired: boolean
  /** Votes of one reader in all rounds. */
  votes: [number, number]
}

/** As `assignQueues` of the main process deals them out. Null while there are too few readers, or no scan. */
export function queuePlan(
  { scans, readers, perScan }: { scans: number; readers: number; perScan: number },
  design: Design,
  cases: readonly Pick<KnownCase, 'use'>[],
): Plan | null {
  if (readers < perScan || readers === 0) return null
  const use = (name: KnownCase['use']): number => cases.filter((one) => one.use === name).length
  const [calibration, hidden] = [use('calibration'), use('hidden')]
  if (scans + calibration === 0) return null
  const each = (scans * perScan) / readers
  const own: [number, number] = [Math.floor(each), Math.ceil(each)]
  const apart = (n: number): number => Math.min(design.repeatGap, Math.floor(n / 2))
  const again = (n: number): number => Math.min(n - apart(n), Math.round((design.repeats / 100) * n))
  const paired = design.pairedModelId !== null
  const votes = (n: number): number => design.rounds * (n + hidden + calibration) + again(n) + (paired ? n : 0)
  return {
    scans: own,
    again: [again(own[0]), again(own[1])],
    between: again(own[1]) === 0 ? null : apart(own[1]),
    ...{ calibration, hidden, rounds: design.rounds, paired },
    votes: [votes(own[0]), votes(own[1])],
  }
}
