import { once } from 'node:events'
import { join } from 'node:path'
import { display, hasDisplay } from '../../scripts/lib/display.mjs'
import { mainJob } from './job.ts'
import { demoPlan, demoRecipe } from './plan.ts'

// npm run demo [-- --keep]: the main job in the real window; leaves out/demo/.
const keep = process.argv.includes('--keep')
const out = join(import.meta.dirname, '../../out/demo')
const began = performance.now()
const screen = await display({ always: !keep, width: 1920, height: 1080 })
const tell = (line: string): void => {
  const seconds = Math.round((performance.now() - began) / 1000)
  process.stdout.write(
    `${String(Math.floor(seconds / 60)).padStart(2)}:${String(seconds % 60).padStart(2, '0')}  ${line}\n`,
  )
}
const job = await mainJob({
  out,
  env: screen.env,
  plan: demoPlan,
  recipe: demoRecipe,
  rule: 'rounded-mean',
  size: { width: 1440, height: 900 },
  tell,
}).catch((error: unknown) => {
  screen.stop()
  tell(`the demo stopped: ${error instanceof Error ? error.message : String(error)} (see ${out}/failure.png)`)
  process.exit(1)
})
const { report, window } = job
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`
tell(`re-scan decision right on unseen patients: ${percent(report.rescanAccuracyOnUnseen)}`)
tell(`always the commoner decision would be right on: ${percent(report.majorityClassRate)}`)
tell(
  `main process while training: p99 ${report.eventLoopP99Ms.toFixed(1)} ms, longest ${report.eventLoopMaxMs.toFixed(0)} ms`,
)
tell(`report, pictures and tables: ${out}`)
if (keep && hasDisplay()) {
  tell(
    'the window stays open on this study (names: admin, lead, anna, ben, cora, theo; password: correct horse battery)',
  )
  await once(window.app.process(), 'exit')
} else await window.close()
screen.stop()
process.exit(0)
