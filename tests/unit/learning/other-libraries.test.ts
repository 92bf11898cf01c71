import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { quietTensorflow } from '../../../src/main/learning/tensorflow.ts'

/** Keras, TensorFlow's tape and PyTorch, where Python has them: CONCORD_TEST_PYTHON names one. */
const python = process.env['CONCORD_TEST_PYTHON'] ?? 'python3'
const peer = spawnSync(python, [
  '-c',
  'import importlib.util as u; [u.find_spec(n).name for n in ("keras", "tensorflow", "torch")]',
])
const script = new URL('../../fixtures/learning/other-libraries.py', import.meta.url).pathname

interface Apart {
  maps: Record<'walle2023' | 'scratch4', { heat: number; probabilities: number; warmest: number }>
  losses: Record<'squared-emd' | 'focal' | 'coral', { values: number; slopes: number }>
}

describe('Grad-CAM and the losses', () => {
  it('are those of Keras, TensorFlow’s tape and PyTorch', async ({ skip }) => {
    if (peer.status !== 0)
      skip(`${python} has no keras, tensorflow and torch; CONCORD_TEST_PYTHON can name one that has.`)
    quietTensorflow()
    const worker = new Worker(new URL('./other-libraries-worker.ts', import.meta.url))
    const [said] = (await once(worker, 'message')) as [object]
    await worker.terminate()
    const folder = mkdtempSync(join(tmpdir(), 'concord-other-libraries-'))
    const file = join(folder, 'said.json')
    writeFileSync(file, JSON.stringify(said))
    const made = spawnSync(python, [script, file], { encoding: 'utf8' })
    rmSync(folder, { recursive: true })
    expect(made.status, made.stderr).toBe(0)
    const { maps, losses } = JSON.parse(made.stdout) as Apart
    // Relative to the largest value; the program reckons in float32.
    for (const { heat, probabilities, warmest } of Object.values(maps)) {
      expect(warmest).toBeGreaterThan(0)
      expect(heat).toBeLessThan(1e-4)
      expect(probabilities).toBeLessThan(1e-5)
    }
    for (const { values, slopes } of Object.values(losses)) {
      expect(values).toBeLessThan(1e-5)
      expect(slopes).toBeLessThan(1e-5)
    }
  })
})
