import { open, rm } from 'node:fs/promises'
import { ConcordError } from '../domain/error.ts'
import { writeCache } from './cache.ts'
import { asConcordError } from './discover.ts'
import { badFile, type ReadLimits } from './limits.ts'
import type { DecodedVolume, InspectOptions, Inspected, Source } from './protocol.ts'
import { radiographWarnings } from './radiograph.ts'
import { readers } from './readers/index.ts'
import { float32Chunks, sha256OfValues, statisticsOf } from './statistics.ts'
import { headerOf, valueAt, type Volume } from './volume.ts'

/** Decodes a source; every failure is a ConcordError. */
export async function decode(source: Source, limits: ReadLimits): Promise<Volume> {
  const reader = readers.find((r) => r.format === source.format)
  if (!reader) throw badFile('format-unknown', source.path, 'is of no kind that can be read.')
  try {
    const volume = await reader.read(source.files, limits)
    const { slope, intercept } = volume
    if (!Number.isFinite(slope) || !Number.isFinite(intercept)) {
      throw badFile('header-lies', source.path, 'declares a rescale that is not a number. Export it again.')
    }
    return volume
  } catch (error) {
    throw asConcordError(source.path, error)
  }
}

/** Decodes and measures a volume. */
export async function inspect(source: Source, options: InspectOptions, limits: ReadLimits): Promise<Inspected> {
  const volume = await decode(source, limits)
  const statistics = measured(volume)
  if (options.dataPath !== null) await writeValues(volume, options.dataPath)
  return {
    header: headerOf(volume),
    ...statistics,
    values: options.at.map((at) => {
      const value = valueAt(volume, at)
      if (value === null) return { at, value, reason: 'outside the volume' }
      const finite = Array.isArray(value) ? value.every(Number.isFinite) : Number.isFinite(value)
      return finite ? { at, value } : { at, value: null, reason: 'not a number' }
    }),
    sha256: options.digest || options.dataPath !== null ? sha256OfValues(volume) : null,
    data: options.dataPath,
  }
}

/** Decodes a volume into the cache. A file that names no patient is a patient of its own. */
export async function decodeToCache(source: Source, folder: string, limits: ReadLimits): Promise<DecodedVolume> {
  const volume = await decode(source, limits)
  const statistics = measured(volume)
  volume.warnings.push(...radiographWarnings(volume))
  const sha256 = sha256OfValues(volume)
  const { cachePath, header } = await writeCache(folder, volume, statistics, sha256)
  return { cachePath, header, meta: { ...volume.meta, patientKey: volume.meta.patientKey || `content:${sha256}` } }
}

function measured(volume: Volume): ReturnType<typeof statisticsOf> {
  const statistics = statisticsOf(volume)
  if (statistics.notFinite > 0) {
    const most = statistics.notFinite === volume.voxels.length ? 'All values are' : `${statistics.notFinite} values are`
    volume.warnings.push(`${most} not numbers (NaN or infinite).`)
  }
  return statistics
}

/** The float32 values as a plain file. */
async function writeValues(volume: Volume, path: string): Promise<void> {
  try {
    const file = await open(path, 'w')
    try {
      for (const bytes of float32Chunks(volume)) await file.write(bytes)
    } finally {
      await file.close()
    }
  } catch (error) {
    await rm(path, { force: true })
    throw new ConcordError('output-unwritable', `The values could not be written (${(error as Error).message}).`)
  }
}
