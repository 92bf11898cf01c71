import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { derive, derivedIn } from '../../domain/augmentation-sets.ts'
import type { Derivation, SetName } from '../../domain/augmentation-sets.ts'
import { ConcordError } from '../../domain/error.ts'
import { writeWhole } from '../../files/whole.ts'
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
  const found: RegionOfPatient[] = []
  for await (const region of regions) found.push(region)
  const toUnit = unitScale(found)
  const pictures: SetPicture[] = []
  let done = 0
  for (const patient of found) {
    const original = { edge: patient.region.edge, pixels: toUnit(patient) }
    for (const how of derivedIn.C) {
      const made = derive(original, how)
      const size = edge ?? made.edge
      const pixels = fitSquare({ width: made.edge, height: made.edge, pixels: made.pixels }, size)
      const cachePath = await writePicture(folder, pixels, size)
      const id = [patient.patient, how.from, ...(how.sharpened ? ['sharpened'] : [])].join('-')
      pictures.push({ id, patient: patient.patient, label: patient.label, ...how, cachePath })
    }
    onPatient(++done)
  }
  await writeWhole(index, JSON.stringify(pictures))
  return pictures
}

/** The pictures of a set, in the order of the patients. */
export function picturesOf(set: SetName, pictures: readonly SetPicture[]): SetPicture[] {
  const wanted = derivedIn[set]
  return pictures.filter(({ from, sharpened }) =>
    wanted.some((how) => how.from === from && how.sharpened === sharpened),
  )
}

/**
 * Every region's mean becomes 0.5, and one scale for all of them brings the widest within 0 to 1: a region's brightness comes from
 * exposure and the foot's size, its contrast from the bone.
 */
export function unitScale(regions: readonly RegionOfPatient[]): (region: RegionOfPatient) => Float32Array {
  const measured = regions.map(({ patient, region: { pixels } }) => {
    const mean = pixels.reduce((sum, value) => sum + value, 0) / pixels.length
    const reach = pixels.reduce((most, value) => Math.max(most, Math.abs(value - mean)), 0)
    if (!(reach > 0) || !Number.isFinite(reach)) {
      throw new ConcordError('roi-empty', `The region of ${patient} has the same value everywhere: place it anew.`)
    }
    return { mean, reach }
  })
  const means = new Map(regions.map(({ patient }, i) => [patient, measured[i]!.mean]))
  const widest = measured.reduce((most, { reach }) => Math.max(most, reach), 0)
  return ({ patient, region: { pixels } }) => {
    const mean = means.get(patient)!
    return pixels.map((value) => 0.5 + (0.5 * (value - mean)) / widest)
  }
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
