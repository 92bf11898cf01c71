/** How long somebody has been reading without a rest, and whether that was said. All times in milliseconds. */
export interface Stint {
  since: number
  /** When the pause that is going on began. */
  away: number | null
  /** When "not now" was said last. */
  dismissed: number | null
}

/** A pause of this length is a rest: what was read before no longer counts. */
export const rest = 120_000

export const newStint = (now: number): Stint => ({ since: now, away: null, dismissed: null })

/** After a pause the stint goes on where it was, or begins anew where the pause was a rest. */
export function paused(stint: Stint, on: boolean, now: number): Stint {
  if (on) return { ...stint, away: now }
  if (stint.away === null) return stint
  const length = now - stint.away
  return length >= rest
    ? newStint(now)
    : { since: stint.since + length, away: null, dismissed: stint.dismissed && stint.dismissed + length }
}

/** Minutes read without a rest where a break is to be suggested now, else null. `every` null: never. */
export function breakDue(stint: Stint, every: number | null, now: number): number | null {
  if (every === null || stint.away !== null) return null
  const from = stint.dismissed ?? stint.since
  return now - from >= every * 60_000 ? Math.floor((now - stint.since) / 60_000) : null
}

/** Not now: said again after as long as it took the first time. */
export const dismissed = (stint: Stint, now: number): Stint => ({ ...stint, dismissed: now })
