import type { JobControl } from '../../jobs/jobs.ts'
import type { Progress } from '../../learning/types.ts'
import type { ActiveRun } from './active.ts'

/** The page hears of a running epoch this often, in milliseconds. */
const tellEvery = 500

/**
 * What the learner says of its progress, kept with the run and passed on: to the page twice a second, to the job in epochs.
 * @param active the run, as long as it goes on here
 */
export function liveProgress(run: {
  epochs: number
  control: JobControl
  active(): ActiveRun | null
  tell(): void
}): (progress: Progress) => void {
  const { epochs, control, active, tell } = run
  let told = performance.now()
  return (progress) => {
    const here = active()
    if (here) {
      here.live = {
        ...progress,
        imagesPerSecond: progress.imagesPerSecond ?? here.live?.imagesPerSecond ?? null,
        secondsLeft: progress.secondsLeft ?? here.live?.secondsLeft ?? null,
      }
      if (performance.now() - told > tellEvery) {
        told = performance.now()
        tell()
      }
    }
    const share = progress.total > 0 ? progress.done / progress.total : 0
    const atEpoch = progress.stage === 'training' || progress.stage === 'validating'
    // Those held out are graded when all epochs are over, or early stopping has ended them.
    const after = progress.stage === 'predicting' ? epochs : 0
    control.progress(
      atEpoch ? Math.max(0, progress.epoch - 1) + share : after,
      epochs,
      progress.stage === 'training' ? `epoch ${progress.epoch} / ${epochs}` : progress.stage,
    )
  }
}
