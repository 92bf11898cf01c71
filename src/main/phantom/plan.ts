import { ConcordError } from '../domain/error.ts'
import { randomFrom } from '../domain/random.ts'
import { courseOf, gradeOf, motionMeasure } from './severity.ts'
import type { ScanSpec, Side, Site } from './types.ts'

export type StudyOptions = {
  patients: number
  scansPerPatient: number
  /** Stop after this many scans, where patients x scansPerPatient is more. */
  scans?: number
  /** `both`: a patient's scans alternate between tibia and radius. */
  site: Site | 'both'
  /** Rows and columns, 64 to 1024. */
  size: number
  /** Width of a voxel in mm, 0.05 to 1; the whole field of view over `size` where it is left out (see ScanSpec). */
  voxel?: number
  slices: number
  seed: string | number
  /** Each grade equally often, or as often as in the thesis's table; counted out within each site. */
  grades: 'balanced' | 'thesis'
  /** Views over 180 degrees; by default as many as the size can use, at most the XtremeCT's 750. */
  views?: number
}

/** A scan before it is made: what it will be, and what a reader will find hard in it. */
export type PlannedScan = {
  id: string
  patient: string
  site: Site
  side: Side
  trueGrade: number
  /** Continuous severity, 0.5 to 5.5; the grade is its nearest whole number. */
  severity: number
  /** Motion measure in mm (see `motionMeasure`). */
  measure: number
  /** How far readers scatter about this scan, relative to others: log-normal about 1. */
  difficulty: number
  spec: ScanSpec
}

/**
 * Scans by consensus grade (rounded mean of three readers) in the thesis's table, grades 1 to 5. The text speaks of 500
 * scans a site, the columns add up to 499 and 611; only their proportions are used.
 */
export const thesisGrades: Record<Site, readonly number[]> = {
  tibia: [334, 97, 42, 24, 2],
  radius: [139, 169, 233, 62, 8],
}

/** Spread of log difficulty between scans. */
export const difficultySpread = 0.3

function viewsFor({ size, voxel }: Pick<StudyOptions, 'size' | 'voxel'>): number {
  if (voxel !== undefined) return 750
  return Math.min(750, Math.max(120, Math.round(1.5 * size)))
}

/** What a reader's grade follows from, without the motion itself. */
export type PlannedLook = Omit<PlannedScan, 'measure' | 'spec'>

/** The scans of a study, without their voxels; quick, and the same for the same options. */
export function planStudy(options: StudyOptions): PlannedScan[] {
  const seed = String(options.seed)
  return planPlaces(options).map(({ look, place }) => {
    const { id, site, severity } = look
    const { patientIndex, measurementIndex, side } = place
    const spec: ScanSpec = {
      ...{ id, seed, patientIndex, measurementIndex, site, side },
      ...{ size: options.size, slices: options.slices, views: options.views ?? viewsFor(options) },
      ...(options.voxel === undefined ? {} : { voxel: options.voxel }),
      motion: courseOf(`${seed}/motion/${id}`, site, severity),
    }
    return { ...look, measure: motionMeasure(spec.motion, site), spec }
  })
}

/** The same scans as `planStudy`, without the course of their motion, which takes most of the time to find. */
export function planLooks(options: StudyOptions): PlannedLook[] {
  return planPlaces(options).map(({ look }) => look)
}

function planPlaces(options: StudyOptions): { look: PlannedLook; place: Place }[] {
  check(options)
  const seed = String(options.seed)
  const total = Math.min(options.scans ?? Infinity, options.patients * options.scansPerPatient)
  const places = Array.from({ length: total }, (_, i) => placeOf(options, seed, i))
  const grades = gradesFor(options, seed, places)
  return places.map((place, i) => {
    const { patientIndex, measurementIndex, site, side } = place
    const patient = `P${String(patientIndex).padStart(3, '0')}`
    const id = `${patient}-${measurementIndex}-${site}-${side}`
    const random = randomFrom(`${seed}/severity/${id}`)
    const severity = grades[i]! - 0.5 + 0.999 * random.uniform()
    const difficulty = Math.exp(difficultySpread * random.normal() - difficultySpread ** 2 / 2)
    return { look: { id, patient, site, side, trueGrade: gradeOf(severity), severity, difficulty }, place }
  })
}

type Place = { patientIndex: number; measurementIndex: number; site: Site; side: Side }

function placeOf(options: StudyOptions, seed: string, i: number): Place {
  const patientIndex = Math.floor(i / options.scansPerPatient) + 1
  const k = i % options.scansPerPatient
  const random = randomFrom(`${seed}/sides/${patientIndex}`)
  const firstIsLeft = random.uniform() < 0.5
  // A second scan of the same site is of the other limb, or a follow-up of the same one.
  const followUp = random.uniform() < 0.5
  const site = options.site === 'both' ? (k % 2 === 0 ? 'tibia' : 'radius') : options.site
  const turn = options.site === 'both' ? Math.floor(k / 2) : k
  const other = turn % 2 === 1 && !followUp
  return { patientIndex, measurementIndex: k + 1, site, side: firstIsLeft !== other ? 'left' : 'right' }
}

/** Grades counted out within each site and shuffled, so that they depend on nothing else. */
function gradesFor(options: StudyOptions, seed: string, places: Place[]): number[] {
  const bags = (['tibia', 'radius'] as const).map((site) => {
    const n = places.filter((place) => place.site === site).length
    const weights = options.grades === 'thesis' ? thesisGrades[site] : [1, 1, 1, 1, 1]
    const counts = apportion(n, weights)
    const bag = counts.flatMap((count, i) => new Array<number>(count).fill(i + 1))
    return [site, randomFrom(`${seed}/grades/${site}`).shuffle(bag)] as const
  })
  return places.map((place) => bags.find(([site]) => site === place.site)![1].pop()!)
}

/** n items over weights by largest remainder (Hare quota); ties go to the middle grades first. */
function apportion(n: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0)
  const exact = weights.map((weight) => (n * weight) / sum)
  const counts = exact.map(Math.floor)
  const order = exact
    .map((value, i) => ({ i, rest: value - Math.floor(value), far: Math.abs(i - 2) }))
    .sort((a, b) => b.rest - a.rest || a.far - b.far)
  let left = n - counts.reduce((a, b) => a + b, 0)
  for (const { i } of order) if (left-- > 0) counts[i]!++
  return counts
}

function check(options: StudyOptions): void {
  const whole = (name: keyof StudyOptions, low: number, high: number): void => {
    const value = options[name]
    if (value === undefined) return
    if (typeof value !== 'number' || !Number.isInteger(value) || value < low || value > high)
      throw new ConcordError(
        'bad-simulation',
        `${name} must be a whole number from ${low} to ${high}, not ${String(value)}.`,
        name,
      )
  }
  whole('patients', 1, 100000)
  whole('scansPerPatient', 1, 100)
  whole('scans', 1, 1000000)
  whole('size', 64, 1024)
  whole('slices', 1, 512)
  whole('views', 16, 4000)
  const { voxel } = options
  if (voxel !== undefined && !(voxel >= 0.05 && voxel <= 1))
    throw new ConcordError('bad-simulation', `voxel must be 0.05 to 1 mm, not ${voxel}.`, 'voxel')
}
