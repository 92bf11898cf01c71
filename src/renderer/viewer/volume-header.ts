import type { Percentiles, Triple, VolumeHeader, VoxelType } from './volume.ts'

/** What can be wrong with a stream; the texts are in the language files under `viewer.errors`. */
export type StreamCode =
  'volume-not-a-volume' | 'volume-header' | 'volume-truncated' | 'volume-too-long' | 'volume-too-large'

export class StreamError extends Error {
  readonly code: StreamCode

  constructor(code: StreamCode, message: string) {
    super(message)
    this.name = 'StreamError'
    this.code = code
  }
}

const types: readonly VoxelType[] = ['int16', 'uint16', 'uint8', 'float32']
const fail = (what: string) => new StreamError('volume-header', `The scan's header is not usable: ${what}.`)
const finite = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)

function triple(value: unknown, valid: (n: number) => boolean, what: string): Triple {
  if (!Array.isArray(value) || value.length !== 3 || !value.every((n) => finite(n) && valid(n))) throw fail(what)
  return value as Triple
}

/** Checks the JSON header of a volume stream. Throws StreamError `volume-header`. */
export function readHeader(json: string): VolumeHeader {
  let parsed: unknown
  try {
    parsed = JSON.parse(json)
  } catch {
    throw fail('it is not JSON')
  }
  if (typeof parsed !== 'object' || parsed === null) throw fail('it is not an object')
  const raw = parsed as Record<string, unknown>
  const dims = triple(raw['dims'], (n) => Number.isInteger(n) && n > 0, 'dims')
  const components = raw['components']
  if (components !== 1 && components !== 3) throw fail('components')
  const type = types.find((name) => name === raw['type'])
  if (!type) throw fail('type')
  const { slope, intercept, unit } = raw
  if (!finite(slope) || slope === 0 || !finite(intercept)) throw fail('rescale')
  const { direction, percentiles } = raw
  return {
    dims,
    components,
    type,
    slope,
    intercept,
    spacing: raw['spacing'] == null ? null : triple(raw['spacing'], (n) => n > 0, 'spacing'),
    direction: Array.isArray(direction) && direction.length === 9 && direction.every(finite) ? direction : null,
    oriented: raw['oriented'] === true,
    unit: typeof unit === 'string' ? unit : '',
    ...(raw['minIsWhite'] === true ? { minIsWhite: true } : {}),
    min: finite(raw['min']) ? raw['min'] : null,
    max: finite(raw['max']) ? raw['max'] : null,
    percentiles:
      Array.isArray(percentiles) && percentiles.length === 5 && percentiles.every(finite)
        ? (percentiles as Percentiles)
        : null,
    warnings: Array.isArray(raw['warnings']) ? raw['warnings'].filter((w) => typeof w === 'string') : [],
  }
}
