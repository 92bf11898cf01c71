import type { Shown, VolumeHeader } from './volume.ts'

/** Which values are drawn between black and white, in the scan's unit: level ± width / 2. */
export interface WindowLevel {
  level: number
  width: number
  /** The preset it came from; null once it was changed by hand. */
  preset: WindowPreset | null
}
const windowPresets = ['bone', 'streaks', 'full'] as const
export type WindowPreset = (typeof windowPresets)[number]

/**
 * Fixed windows where the unit means the same on each scan. Streaks show in what should be even, soft tissue and air,
 * so theirs is narrow and low.
 */
const known: Record<string, Record<'bone' | 'streaks', readonly [level: number, width: number]>> = {
  'mgHA/cm3': { bone: [450, 1700], streaks: [0, 800] },
  HU: { bone: [500, 2500], streaks: [0, 1000] },
}

const least = (width: number) => Math.max(width, Number.EPSILON * 2 ** 20)

function between(low: number, high: number, preset: WindowPreset): WindowLevel {
  const [a, b] = low <= high ? [low, high] : [high, low]
  return { level: (a + b) / 2, width: b > a ? b - a : 1, preset }
}

/** The window a preset means for this scan. Values without a known unit are judged by the scan's own percentiles. */
export function presetWindow(preset: WindowPreset, volume: Pick<Shown, 'header' | 'percentiles'>): WindowLevel {
  const { header, percentiles } = volume
  const value = (stored: number) => stored * header.slope + header.intercept
  const [p005, , p50, p95, p995] = percentiles
  if (preset === 'full' || header.components === 3) {
    if (header.type === 'uint8') return between(value(0), value(255), preset)
    return between(header.min ?? value(p005), header.max ?? value(p995), preset)
  }
  const fixed = known[header.unit]?.[preset]
  if (fixed) return { level: fixed[0], width: fixed[1], preset }
  return preset === 'bone'
    ? between(value(p005), value(p995), preset)
    : between(value(p005), value(Math.max(p95, p50)), preset)
}

/** The preset after this one; from a window set by hand, the first. */
export function nextPreset(preset: WindowPreset | null): WindowPreset {
  const at = preset === null ? -1 : windowPresets.indexOf(preset)
  return windowPresets[(at + 1) % windowPresets.length]!
}

/** What a new scan starts with: photographs (8 bits) as they are, everything else in the bone window. */
function firstPreset(header: Pick<VolumeHeader, 'type' | 'components'>): WindowPreset {
  return header.type === 'uint8' || header.components === 3 ? 'full' : 'bone'
}

/** The window for the next scan: the same preset, or the same hand-set values where the unit is the same. */
export function carriedWindow(
  before: { window: WindowLevel; unit: string } | null,
  volume: Pick<Shown, 'header' | 'percentiles'>,
): WindowLevel {
  if (before?.window.preset) return presetWindow(before.window.preset, volume)
  if (before && before.unit === volume.header.unit) return before.window
  return presetWindow(firstPreset(volume.header), volume)
}

/** A drag of so many pixels: to the right widens, down raises the level; `range` is the scan's full range. */
export function draggedWindow(window: WindowLevel, dx: number, dy: number, range: number): WindowLevel {
  const step = Math.max(window.width, range / 50) / 400
  return {
    level: window.level + dy * step,
    width: least(Math.max(window.width + dx * step, range / 2000)),
    preset: null,
  }
}

/** One key press: a twentieth of the width up, down, wider or narrower; other commands leave the window as it is. */
export function steppedWindow(
  window: WindowLevel,
  command: string,
  { min, max }: Pick<VolumeHeader, 'min' | 'max'>,
): WindowLevel {
  const range = (max ?? 1) - (min ?? 0)
  const step = window.width / 20
  if (command === 'level-up') return { ...window, level: window.level + step, preset: null }
  if (command === 'level-down') return { ...window, level: window.level - step, preset: null }
  if (command === 'wider') return { ...window, width: window.width + 2 * step, preset: null }
  if (command === 'narrower')
    return { ...window, width: least(Math.max(window.width - 2 * step, range / 2000)), preset: null }
  return window
}

/** The same window for stored values; a negative slope turns black and white round, and so does a smallest value that is white. */
export function storedWindow(
  window: Pick<WindowLevel, 'level' | 'width'>,
  header: Pick<VolumeHeader, 'slope' | 'intercept' | 'minIsWhite'>,
): { level: number; width: number; flipped: boolean } {
  return {
    level: (window.level - header.intercept) / header.slope,
    width: window.width / Math.abs(header.slope),
    flipped: header.slope < 0 !== (header.minIsWhite === true),
  }
}

/** Brightness 0..255 of a stored value. */
export function brightness(
  stored: number,
  window: { level: number; width: number; flipped: boolean },
  inverted: boolean,
): number {
  const part = Math.min(1, Math.max(0, (stored - window.level) / window.width + 0.5))
  return Math.round(255 * (window.flipped !== inverted ? 1 - part : part))
}
