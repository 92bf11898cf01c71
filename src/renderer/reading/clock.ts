/** Time spent looking at one scan: runs from the first picture on, stands during pauses. All times in milliseconds. */
export interface Clock {
  /** Sum up to the last start. */
  before: number
  /** When it was last started; null while it stands. */
  started: number | null
}

export const stopped = (before = 0): Clock => ({ before, started: null })
export const lookedMs = (clock: Clock, now: number): number =>
  Math.round(clock.before + (clock.started === null ? 0 : Math.max(0, now - clock.started)))
export const start = (clock: Clock, now: number): Clock => (clock.started === null ? { ...clock, started: now } : clock)
export const stop = (clock: Clock, now: number): Clock => stopped(lookedMs(clock, now))
