import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { derive, derivedIn } from '../../domain/augmentation-sets.ts'
import type { Derivation, SetName } from '../../domain/augmentation-sets.ts'
import { ConcordError } from '../../domain/error.ts'
import { writeCache } from '../../imaging/cache.ts'
import { sha256OfValues, statisticsOf } from '../../imaging/statistics.ts'
import { identityDirection } from '../../imaging/volume.ts'
import type { Volume } from '../../imaging/volume.ts'
import { fitSquare } from '../../learning/resample.ts'
import type { RegionOfPatient } from './regions.ts'

/** A picture of a set: an original's region of interest or what was made of it. */
export interface SetPicture {
  id: string
  patient: string
  /** 0 control, 1 osteoporotic. */
  label: 0 | 1
  from: Derivation
  sharpened: boolean
  cachePath: string
}

/** How many stored values 0 to 1 has. */
const levels = 65_535

/**
 * Makes the pictures of set C, which holds those of all sets, as one-slice volumes in `folder`, values 0 to 1; or reads them from
 * there. Derivatives are made at the region's own size and then brought to `edge` (null leaves them).
 */
export async function makePictures(
  folder: string,
  regions: AsyncIterable<RegionOfPatient>,
  edge: number | null,
  onPatient: (done: number) => void,
): Promise<SetPicture[]> {
  const index = join(folder, 'pictures.json')
  const there = await readFile(index, 'utf8').catch(() => null)
  if (there !== null) return JSON.parse(there) as SetPicture[]
  await mkdir(folder, { recursive: true })
  const pictures: SetPicture[] = []
  let done = 0
  for await (const { patient, label, region } of regions) {
    const original = { edge: region.edge, pixels: toUnit(region.pixels, patient) }
    for (const how of derivedIn.C) {
      const made = derive(original, how)
      const size = edge ?? made.edge
      const pixels = fitSquare({ width: made.edge, height: made.edge, pixels: made.pixels }, size)
      const cachePath = await writePicture(folder, pixels, size)
      const id = [patient, how.from, ...(how.sharpened ? ['sharpened'] : [])].join('-')
      pictures.push({ id, patient, label, ...how, cachePath })
    }
    onPatient(++done)
  }
  await writeFile(index, JSON.stringify(pictures))
  return pictures
}

/** The pictures of a set, in the order of the patients. */
export function picturesOf(set: SetName, pictures: readonly SetPicture[]): SetPicture[] {
  const wanted = derivedIn[set]
  return pictures.filter(({ from, sharpened }) =>
    wanted.some((how) => how.from === from && how.sharpened === sharpened),
  )
}

/** A region's own darkest and brightest value become 0 and 1: exposure and the foot's size say nothing of the bone. */
function toUnit(pixels: Float32Array, patient: string): Float32Array {
  let least = Infinity
  let most = -Infinity
  for (const value of pixels) {
    least = Math.min(least, value)
    most = Math.max(most, value)
  }
  if (!(most > least) || !Number.isFinite(least + most)) {
    throw new ConcordError('roi-empty', `The region of ${patient} has the same value everywhere: place it anew.`)
  }
  return pixels.map((value) => (value - least) / (most - least))
}

async function writePicture(folder: string, pixels: Float32Array, edge: number): Promise<string> {
  const volume: Volume = {
    format: 'png',
    dims: [edge, edge, 1],
    components: 1,
    spacing: null,
    origin: [0, 0, 0],
    direction: identityDirection(),
    oriented: false,
    pixelType: 'uint16',
    unit: '',
    slope: 1 / levels,
    intercept: 0,
    warnings: [],
    meta: { patientKey: '' },
    voxels: Uint16Array.from(pixels, (value) => Math.round(value * levels)),
  }
  const { cachePath } = await writeCache(folder, volume, statisticsOf(volume), sha256OfValues(volume))
  return cachePath
}
