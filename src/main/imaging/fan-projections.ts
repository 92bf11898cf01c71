import { ConcordError } from '../domain/error.ts'
import { parallelPlan, rebinned, type FanGeometry, type FanViews } from '../domain/fan-beam.ts'
import { fanCentre } from '../domain/fan-centre.ts'
import type { MotionViewSet } from '../domain/qme.ts'

/** Rows that the centre is found on: a few from all over the detector are enough. */
const rowsForCentre = 8

/** A file of fan-beam views, opened: `read` gives view `k` of the rows asked for, line integrals, columns fastest. */
export interface FanFile extends FanViews {
  read(k: number, rows: readonly number[]): Promise<Float64Array>
}

/** What a rebinned file's parallel views come from. */
export interface Rebinned extends MotionViewSet {
  /** Column of the rebinned views where the axis lies, to a fraction. */
  centre: number
  centreBy: 'silhouette' | 'registration' | 'given'
  beam: FanGeometry & { kind: 'fan'; direction: 1 | -1; fanAngle: number; columns: [first: number, last: number] }
}

/** The parallel views at 0, 0.24 and 180 degrees of a fan-beam file. Error: `fan-beam` where its geometry does not give them. */
export async function rebinFile(file: FanFile, given?: number): Promise<Rebinned> {
  checkGeometry(file)
  const some = Array.from({ length: Math.min(rowsForCentre, file.rows) }, (_, i) =>
    Math.floor(((i + 0.5) * file.rows) / Math.min(rowsForCentre, file.rows)),
  )
  const kept = new Map<number, Float64Array>()
  const readSome = async (k: number): Promise<Float64Array> => {
    const view = kept.get(k) ?? (await file.read(k, some))
    kept.set(k, view)
    return view
  }
  const { centre, centreBy, direction } = await fanCentre(file, some.length, readSome, given)
  const plan = parallelPlan(file, centre, direction)
  const all = Array.from({ length: file.rows }, (_, row) => row)
  const views = await rebinned(file, file.rows, plan, (k) => file.read(k, all))
  return {
    ...views,
    ...{ centre: centre - plan.first, centreBy },
    beam: { kind: 'fan', ...file.geometry, direction, fanAngle: plan.fanAngle, columns: [plan.first, plan.last] },
  }
}

function checkGeometry({ geometry, views, valid }: FanFile): void {
  const { sourceAxis, sourceDetector, bin, step } = geometry
  const sensible = sourceAxis > 0 && sourceDetector > sourceAxis && bin > 0 && step > 0 && step * views <= 720
  if (!sensible || ![sourceAxis, sourceDetector, bin, step].every(Number.isFinite) || valid[1] - valid[0] < 8)
    throw new ConcordError(
      'fan-beam',
      `The fan beam's geometry does not hold together: source to axis ${sourceAxis} mm, source to detector ` +
        `${sourceDetector} mm, bin ${bin} mm, ${step} degrees a view. ${fanHelp}`,
    )
}

export const fanHelp =
  'Give what is missing or wrong with --source-axis MM, --source-detector MM, --bin MM and --step DEGREES.'
