import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { beginSitting, sittingsOf } from '../../../../src/main/services/osteoporosis/sittings.ts'

describe('the sittings of an experiment', () => {
  const folder = (): string => {
    const own = mkdtempSync(join(tmpdir(), 'concord-sittings-'))
    onTestFinished(() => rmSync(own, { recursive: true }))
    return own
  }

  it('are noted as they begin and while they last, so that the time of one that was killed is in the sum', async () => {
    const own = folder()
    // Nobody ends it: as after a kill.
    await beginSitting(own, 5)
    expect(await sittingsOf(own)).toMatchObject([{ ended: 'running' }])
    await expect.poll(async () => (await sittingsOf(own))[0]!.seconds).toBeGreaterThan(0.02)
    const kept = folder()
    // What a kill left: a copy that no heartbeat reaches.
    const [left] = await sittingsOf(own)
    const { writeFileSync } = await import('node:fs')
    writeFileSync(join(kept, 'sittings.json'), JSON.stringify([left]))
    const next = await beginSitting(kept, 1000)
    await pause(5)
    await next.end('stopped')
    const [killed, stopped] = await sittingsOf(kept)
    expect(killed).toEqual({ ...left, ended: 'killed' })
    expect(stopped).toMatchObject({ ended: 'stopped' })
    expect(stopped!.seconds).toBeGreaterThan(0)
    await (await beginSitting(kept)).end('done')
    // Looked at again: nothing is added.
    await (await beginSitting(kept)).end('done')
    expect((await sittingsOf(kept)).map(({ ended }) => ended)).toEqual(['killed', 'stopped', 'done'])
  })
})
