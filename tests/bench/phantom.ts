import { spawnSync } from 'node:child_process'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { openPool } from '../../src/main/phantom/pool.ts'
import { simulateScan } from '../../src/main/phantom/simulate.ts'
import type { Line } from './line.ts'
import { estimates } from './phantom-qme.ts'
import { compareWithTensorflow } from './phantom-tensorflow.ts'
import { compareWithScikit } from './phantom-scikit.ts'
import { specOf } from './phantom-spec.ts'

/** Speed and memory of the phantom, its projector beside scikit-image's, and how QME follows each kind of motion. */
export async function bench(line: Line): Promise<void> {
  const eight = await eightSlices()
  line('512 x 512 x 8 slices with motion, two threads', eight.wall, 's', '', null)
  line('512 x 512 x 8 slices with motion, processor time', eight.processor, 's', '', null)
  await compareWithTensorflow(line)
  compareWithScikit(line)
  estimates(line)
  const memory = fullScan()
  line('512 x 512 x 168 scan, peak memory of the process', memory.peak, 'GB', '', null)
  line('512 x 512 x 168 scan, two threads', memory.seconds, 's', '', null)
}

/** The quickest of three runs on a warm pool, as a study is made; processor time is what is left of it on a busy machine. */
async function eightSlices(): Promise<{ wall: number; processor: number }> {
  const pool = openPool(2)
  try {
    const times: { wall: number; processor: number }[] = []
    for (let run = 0; run < 4; run++) {
      const [start, used] = [performance.now(), process.cpuUsage()]
      await simulateScan(specOf('tibia', 512, 8, 750, `eight-${run}`), pool, 4)
      const { user, system } = process.cpuUsage(used)
      times.push({ wall: (performance.now() - start) / 1000, processor: (user + system) / 1e6 })
    }
    return times.slice(1).sort((a, b) => a.wall - b.wall)[0]!
  } finally {
    await pool.close()
  }
}

/** A full scan in a process of its own: its peak of resident memory in GB, and the seconds it took. */
function fullScan(): { peak: number; seconds: number } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), 'full-scan'], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`the full scan failed: ${stderr}`)
  return JSON.parse(stdout) as { peak: number; seconds: number }
}

if (process.argv[1] === fileURLToPath(import.meta.url) && process.argv[2] === 'full-scan') {
  const start = performance.now()
  const pool = openPool(2)
  const { volume } = await simulateScan(specOf('tibia', 512, 168, 750, 'full'), pool)
  await pool.close()
  if (volume.voxels.length !== 512 * 512 * 168) throw new Error('the scan is not whole')
  // Linux gives kilobytes.
  const peak = (process.resourceUsage().maxRSS * 1024) / 1e9
  process.stdout.write(JSON.stringify({ peak, seconds: (performance.now() - start) / 1000 }))
}
