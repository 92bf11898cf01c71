import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { selectedWheel } from '../../../native/wheel.mjs'

const worker = join(import.meta.dirname, 'no-card-worker.ts')

describe(`the build of ${selectedWheel().requirement}`, () => {
  it('computes on the processor where there is no graphics card, and says so', () => {
    // -1 hides a card that is there.
    const env = { ...process.env, CUDA_VISIBLE_DEVICES: '-1', TF_CPP_MIN_LOG_LEVEL: '3' }
    const said = execFileSync(process.execPath, [worker], { env, stdio: ['ignore', 'pipe', 'ignore'] })
    const { device, trained, losses } = JSON.parse(String(said)) as {
      device: { kind: string; name: string }
      trained: { kind: string; name: string }
      losses: number[]
    }
    expect(device.kind).toBe('cpu')
    expect(device.name).not.toBe('')
    expect(trained).toEqual(device)
    expect(losses).toHaveLength(2)
    for (const loss of losses) expect(loss).toBeGreaterThan(0)
  })
})
