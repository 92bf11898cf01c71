import { motionEstimate } from '../../src/main/domain/qme.ts'
import { randomFrom } from '../../src/main/domain/random.ts'
import { limbOf, type Limb } from '../../src/main/phantom/bone.ts'
import { poseAt, type MotionKind } from '../../src/main/phantom/motion.ts'
import { simulateSlices } from '../../src/main/phantom/scan.ts'
import { courseOf, motionMeasure } from '../../src/main/phantom/severity.ts'
import { nominalContour } from '../../src/main/phantom/sites.ts'
import type { ScanSpec, Site } from '../../src/main/phantom/types.ts'
import type { Line } from './line.ts'
import { specOf } from './phantom-spec.ts'

const kinds: MotionKind[] = ['drift', 'jerk', 'rotation', 'tremor']
const coursesOfAKind = 16

/**
 * Spearman's rho of QME (100 less the NCC's, which rises with motion) by kind of motion, over courses of all sizes at both sites: against the
 * displacement between its views, and against the measure of the whole acquisition, of which three views see little.
 */
export function estimates(line: Line): void {
  const [size, slices] = [128, 4]
  const limbs = new Map<string, Limb>()
  for (const kind of kinds) {
    const found = Array.from({ length: coursesOfAKind }, (_, i) => {
      const site: Site = i % 2 === 0 ? 'tibia' : 'radius'
      const severity = 0.6 + 4.8 * randomFrom(`severity/${kind}/${i}`).uniform()
      const motion = courseOf(`qme-${kind}-${i}`, site, severity, kind)
      const spec = { ...specOf(site, size, slices, 16, 'none'), patientIndex: 1 + (i % 6), motion }
      const key = `${site}/${spec.patientIndex}`
      const limb = limbs.get(key) ?? limbOf(spec)
      limbs.set(key, limb)
      const { motionViews } = simulateSlices(spec, 0, slices, limb)
      const view = (k: number) => Float64Array.from(motionViews.subarray(k * slices * size, (k + 1) * slices * size))
      const e = motionEstimate({ rows: slices, columns: size, zero: view(0), adjacent: view(1), opposite: view(2) })
      return { ncc: 100 - e.qmeNCC!, ssd: e.qmeSSD!, between: betweenViews(spec), whole: motionMeasure(motion, site) }
    })
    const rho = (figure: 'ncc' | 'ssd', against: 'between' | 'whole', of = found): number | null =>
      spearman(
        of.map((f) => f[figure]),
        of.map((f) => f[against]),
      )
    const seen = found.filter((f) => f.between > 0)
    const say = (name: string, value: number | null, n: number): void => {
      if (value !== null) line(`QME, ${kind}: Spearman rho with ${name}`, value, `(n = ${n})`, '', null)
    }
    say('the displacement between its views, by NCC', rho('ncc', 'between', seen), seen.length)
    say('the displacement between its views, by SSD', rho('ssd', 'between', seen), seen.length)
    say('the motion of the whole acquisition, by NCC', rho('ncc', 'whole'), found.length)
    if (seen.length < found.length)
      line(
        `QME, ${kind}: courses that were undone before 180 degrees and leave no trace`,
        found.length - seen.length,
        `of ${found.length}`,
        '',
        null,
      )
  }
}

/** Root mean square over the bone's contour of its displacement along the detector between the views at 0 and 180 degrees, mm. */
function betweenViews({ motion, site }: ScanSpec): number {
  const { dy, turn } = poseAt(motion, 1)
  const contour = nominalContour(site)
  let [sum, total] = [0, 0]
  for (let i = 0; i < contour.length; i += 4) {
    const [x, y, , normal] = [...contour.subarray(i, i + 4)] as [number, number, number, number]
    sum += normal ** 2 * (Math.sin(turn) * x + Math.cos(turn) * y + dy - y) ** 2
    total += normal ** 2
  }
  return Math.sqrt(sum / total)
}

/** Null where either side does not vary. */
function spearman(a: number[], b: number[]): number | null {
  const ranks = (values: number[]): number[] =>
    values.map((v) => values.filter((w) => w < v).length + values.filter((w) => w === v).length / 2)
  const [p, q] = [ranks(a), ranks(b)]
  const mean = (v: number[]): number => v.reduce((x, y) => x + y, 0) / v.length
  const [mp, mq] = [mean(p), mean(q)]
  const cross = (x: number[], mx: number, y: number[], my: number): number =>
    x.reduce((sum, value, i) => sum + (value - mx) * (y[i]! - my), 0)
  const scale = Math.sqrt(cross(p, mp, p, mp) * cross(q, mq, q, mq))
  return scale > 0 ? cross(p, mp, q, mq) / scale : null
}
