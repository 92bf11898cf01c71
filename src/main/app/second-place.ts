import { readFileSync, writeFileSync } from 'node:fs'
import { boundsOn, type Rectangle } from './window-place.ts'

/** One monitor: what the system calls it, and the part of the desktop that windows may have. */
export interface Monitor {
  id: string
  area: Rectangle
}
/** How a window stood on one monitor. */
export interface Spot {
  bounds: Rectangle
  maximized: boolean
  fullScreen: boolean
}
/** Where the second window stood, for each monitor that it was ever on. */
export interface Spots {
  /** The monitor it was on when it closed. */
  last: string | null
  byMonitor: Record<string, Spot>
}

/** More monitors than anybody has; the ones not seen for longest are forgotten. */
const MOST = 20

const isRectangle = (value: unknown): value is Rectangle => {
  const { x, y, width, height } = (value ?? {}) as Partial<Rectangle>
  return [x, y, width, height].every((part) => Number.isInteger(part)) && width! > 0 && height! > 0
}

interface Kept {
  last?: unknown
  byMonitor?: Record<string, Partial<Record<keyof Spot, unknown>> | null>
}

/** What was kept; nothing where the file is missing or holds something else. */
export function readSpots(file: string): Spots {
  const spots: Spots = { last: null, byMonitor: {} }
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as Kept | null
    for (const [id, spot] of Object.entries(kept?.byMonitor ?? {}))
      if (isRectangle(spot?.bounds))
        spots.byMonitor[id] = {
          ...{ bounds: spot.bounds, maximized: spot.maximized === true, fullScreen: spot.fullScreen === true },
        }
    if (typeof kept?.last === 'string') spots.last = kept.last
  } catch {
    // It opens where it would the first time.
  }
  return spots
}

/** Keeps how the window stands on a monitor, and that it was there last. */
export function keepSpot(file: string, id: string, spot: Spot): void {
  const { [id]: _, ...others } = readSpots(file).byMonitor
  const all: [string, Spot][] = [...Object.entries(others), [id, spot]]
  const byMonitor = Object.fromEntries(all.slice(-MOST))
  try {
    writeFileSync(file, JSON.stringify({ last: id, byMonitor }))
  } catch {
    // It opens where it would the first time.
  }
}

/**
 * Where the second window opens: on the monitor it was on last, if that is there and the first window is on another; else
 * on another monitor than the first window's, filling it; where there is only one, in its right half.
 * @param monitors at least one
 * @param first the monitor of the first window
 */
export function spotFor(spots: Spots, monitors: readonly Monitor[], first: string): Spot {
  const others = monitors.filter(({ id }) => id !== first)
  const size = ({ area }: Monitor) => area.width * area.height
  const chosen =
    others.find(({ id }) => id === spots.last) ??
    others.find(({ id }) => spots.byMonitor[id]) ??
    others.toSorted((a, b) => size(b) - size(a))[0] ??
    monitors[0]!
  const kept = spots.byMonitor[chosen.id]
  const bounds = kept && boundsOn([chosen.area], kept.bounds)
  if (kept && bounds) return { ...kept, bounds }
  const { x, y, width, height } = chosen.area
  if (others.length > 0) return { bounds: chosen.area, maximized: true, fullScreen: false }
  const half = Math.round(width / 2)
  return { bounds: { x: x + width - half, y, width: half, height }, maximized: false, fullScreen: false }
}
