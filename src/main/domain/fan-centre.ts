import { centreOfRotation } from './centre-of-rotation.ts'
import { parallelPlan, rebinned, type Direction, type FanViews } from './fan-beam.ts'
import { motionEstimate } from './qme.ts'

const rounds = 4

/**
 * The column of the ray through the axis, and which way the object turns: neither stands in the file. A centre that is off
 * shifts both rebinned views alike, so that they mirror about the true one: rebinning about what was found settles within a few
 * rounds. The wrong direction gives views whose rays differ by up to twice the fan's angle; the right one's views agree
 * better whatever the limb did.
 */
export async function fanCentre(
  fan: FanViews,
  rows: number,
  read: (view: number) => Promise<Float64Array>,
  given?: number,
): Promise<{ centre: number; direction: Direction; centreBy: 'silhouette' | 'registration' | 'given' }> {
  const middle = (fan.valid[0] + fan.valid[1]) / 2
  const tries = []
  for (const direction of [1, -1] as const) {
    let centre = given ?? middle
    let centreBy: 'silhouette' | 'registration' | 'given' = 'given'
    for (let round = 0; round < rounds && given === undefined; round++) {
      const plan = parallelPlan(fan, centre, direction)
      const found = centreOfRotation(await rebinned(fan, rows, plan, read))
      const next = plan.first + found.centre
      const settled = Math.abs(next - centre) < 0.005
      ;[centre, centreBy] = [next, found.centreBy]
      if (settled) break
    }
    const plan = parallelPlan(fan, centre, direction)
    const { ncc } = motionEstimate(await rebinned(fan, rows, plan, read), centre - plan.first)
    tries.push({ centre, centreBy, direction, agreement: ncc.opposite ?? -1 })
  }
  const [best] = tries.sort((a, b) => b.agreement - a.agreement)
  return { centre: best!.centre, centreBy: best!.centreBy, direction: best!.direction }
}
