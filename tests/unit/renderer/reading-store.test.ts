import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RequestOf } from '../../../src/preload/contract/index.ts'
import type { Desk } from '../../../src/preload/contract/reading.ts'
import type { Outcome } from '../../../src/preload/contract/route.ts'
import { useReading } from '../../../src/renderer/stores/reading.ts'

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const studyId = uuid(1)

function deskAt(done: number, changes: Partial<Desk> = {}): Desk {
  const item = (n: number) => ({
    ...{
      assignmentId: uuid(100 + n),
      scanId: uuid(200 + n),
      position: n + 1,
      pseudonym: `P${n}`,
      site: 'tibia' as const,
    },
    ...{ side: 'left' as const, dims: [4, 4, 4] as [number, number, number], unit: 'HU', warnings: [] },
    ...{ stacks: 1, calibration: false, second: null, region: null },
  })
  const grades = [1, 2, 3].map((value) => ({ value, word: `w${value}`, description: '' }))
  return {
    ...{ studyId, title: 'Study', open: true, scale: { grades, rescanFrom: 3 }, done, total: 3 },
    ...{ current: done < 3 ? item(done) : null, ahead: [], undoable: null },
    ...{
      ask: { confidence: false, worstSlice: 'optional', region: 'off', regionRequired: false },
      round: 1,
      rounds: 1,
      opensAt: null,
    },
    ...{ calibration: { done: 0, total: 0 }, feedback: null, place: null },
    ...changes,
  }
}

/** What the main process answers next, and what it was asked. */
let answer: (channel: string, request: unknown) => Outcome<Desk> | Promise<Outcome<Desk>>
let asked: [string, unknown][]

let tellServer: (payload: unknown) => void
beforeEach(() => {
  setActivePinia(createPinia())
  asked = []
  answer = () => ({ ok: true, value: deskAt(0) })
  const route = (verb: string) => (request: unknown) => {
    asked.push([verb, request])
    return Promise.resolve(answer(verb, request))
  }
  const reading = { desk: route('desk'), cast: route('cast'), undo: route('undo') }
  const on = (name: string, heard: (payload: unknown) => void) => {
    if (name === 'server') tellServer = heard
    return () => undefined
  }
  vi.stubGlobal('window', { concord: { reading, on } })
  vi.useFakeTimers({ now: new Date('2026-03-01T10:00:00Z') })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

async function seated() {
  const reading = useReading()
  await reading.load(studyId)
  return reading
}
const votes = () =>
  asked.filter(([verb]) => verb === 'cast').map(([, request]) => request as RequestOf<'reading', 'cast'>)

describe('the desk', () => {
  it('starts each scan with nothing picked, also one that comes back', async () => {
    const reading = await seated()
    expect(reading.pick).toBeNull()
    reading.saw(uuid(200), 'picture')
    reading.choose({ kind: 'grade', grade: 2 })
    answer = () => ({
      ok: true,
      value: deskAt(1, { undoable: { assignmentId: uuid(100), position: 1, grade: 2, reason: null } }),
    })
    await reading.cast()
    expect(reading.pick).toBeNull()
    expect(reading.sight).toBeNull()
    answer = () => ({ ok: true, value: deskAt(0) })
    await reading.undo()
    expect(reading.current?.scanId).toBe(uuid(200))
    expect(reading.pick).toBeNull()
    expect(reading.takenBack).toBe(1)
  })

  it('brings back with a scan what was written and marked there, never its grade, and nothing of another scan', async () => {
    const reading = await seated()
    const cast = async (done: number, worst: number, note: string) => {
      reading.saw(uuid(200 + done), 'picture')
      reading.choose({ kind: 'grade', grade: 2 })
      reading.mark(worst)
      reading.note = note
      const undoable = { assignmentId: uuid(100 + done), position: done + 1, grade: 2, reason: null }
      answer = () => ({ ok: true, value: deskAt(done + 1, { undoable }) })
      await reading.cast()
    }
    const said = () => [reading.pick, reading.worstSlice, reading.note]
    await cast(0, 3, 'streaks at the cortex')
    expect(said()).toEqual([null, null, ''])
    await cast(1, 1, 'a cyst')
    answer = () => ({ ok: true, value: deskAt(1) })
    await reading.undo()
    expect(said()).toEqual([null, 1, 'a cyst'])
    // Cast at another window meanwhile: the scan that comes back is not the one remembered.
    await cast(1, 2, 'more of it')
    answer = () => ({ ok: true, value: deskAt(0) })
    await reading.undo()
    expect(said()).toEqual([null, null, ''])
    // Nor is anything left for whoever reads next at this window.
    await cast(0, 3, 'mine')
    reading.clear()
    await reading.load(studyId)
    answer = () => ({ ok: true, value: deskAt(0) })
    await reading.undo()
    expect(reading.takenBack).toBe(1)
    expect(said()).toEqual([null, null, ''])
  })

  it('takes no grade for a picture that was not seen', async () => {
    const reading = await seated()
    reading.choose({ kind: 'grade', grade: 2 })
    expect(reading.pick).toBeNull()
    expect(reading.hint).toBe('not-shown')
    reading.saw(uuid(999), 'picture')
    expect(reading.sight).toBeNull()
    reading.saw(uuid(200), 'picture')
    expect(reading.hint).toBeNull()
    reading.choose({ kind: 'grade', grade: 2 })
    expect(reading.pick).toEqual({ kind: 'grade', grade: 2 })
  })

  it('casts nothing without a pick, and one vote for two presses', async () => {
    const reading = await seated()
    reading.saw(uuid(200), 'picture')
    await reading.cast()
    expect(reading.hint).toBe('nothing-picked')
    expect(votes()).toHaveLength(0)
    reading.choose({ kind: 'grade', grade: 1 })
    answer = () => ({ ok: true, value: deskAt(1) })
    await Promise.all([reading.cast(), reading.cast()])
    expect(votes()).toHaveLength(1)
  })

  it('stays at the scan until the reply says that the vote is on the disk', async () => {
    const reading = await seated()
    reading.saw(uuid(200), 'picture')
    reading.choose({ kind: 'grade', grade: 3 })
    let reply: (outcome: Outcome<Desk>) => void = () => undefined
    answer = () => new Promise((resolve) => (reply = resolve))
    const cast = reading.cast()
    await Promise.resolve()
    expect(reading.busy).toBe(true)
    expect(reading.current?.scanId).toBe(uuid(200))
    reading.choose({ kind: 'grade', grade: 1 })
    expect(reading.pick).toEqual({ kind: 'grade', grade: 3 })
    reply({ ok: true, value: deskAt(1) })
    await cast
    expect(reading.current?.scanId).toBe(uuid(201))
  })

  it('casts what was picked when Enter was pressed, however long what goes before it takes', async () => {
    const reading = await seated()
    reading.saw(uuid(200), 'picture')
    reading.choose({ kind: 'grade', grade: 3 })
    answer = () => ({ ok: true, value: deskAt(1) })
    let kept: (ready: boolean) => void = () => undefined
    const first = () => new Promise<boolean>((resolve) => (kept = resolve))
    const refused = reading.cast(first)
    kept(false)
    await refused
    expect(votes()).toHaveLength(0)
    const cast = reading.cast(first)
    reading.choose({ kind: 'grade', grade: 1 })
    void reading.cast(first)
    kept(true)
    await cast
    expect(votes().map(({ grade }) => grade)).toEqual([3])
    expect(reading.current?.scanId).toBe(uuid(201))
  })

  it('keeps what was picked when the vote was not saved', async () => {
    const reading = await seated()
    reading.saw(uuid(200), 'picture')
    reading.choose({ kind: 'grade', grade: 3 })
    reading.note = 'blurred'
    answer = () => ({ ok: false, error: { code: 'disk-full', message: 'The disk is full.' } })
    await reading.cast()
    expect(reading.trouble).toMatchObject({ of: 'cast', failure: { code: 'disk-full' } })
    expect(reading.pick).toEqual({ kind: 'grade', grade: 3 })
    answer = () => ({ ok: true, value: deskAt(1) })
    await reading.cast()
    expect(reading.trouble).toBeNull()
    expect(votes().map((vote) => [vote.grade, vote.note])).toEqual([
      [3, 'blurred'],
      [3, 'blurred'],
    ])
  })

  it('keeps a vote the server did not answer, and hands the same one in again by itself', async () => {
    const reading = await seated()
    reading.saw(uuid(200), 'picture')
    reading.choose({ kind: 'grade', grade: 3 })
    answer = () => ({ ok: false, error: { code: 'database-unreachable', message: 'Away.' } })
    await reading.cast()
    expect(reading.trouble).toMatchObject({ of: 'away' })
    expect(reading.pick).toEqual({ kind: 'grade', grade: 3 })
    await vi.advanceTimersByTimeAsync(2000)
    expect(votes()).toHaveLength(2)
    expect(votes()[1]).toEqual(votes()[0])
    answer = () => ({ ok: true, value: deskAt(1) })
    tellServer({ reachable: true })
    await vi.advanceTimersByTimeAsync(0)
    expect(votes()).toHaveLength(3)
    expect(new Set(votes().map(({ request }) => request)).size).toBe(1)
    expect(reading.trouble).toBeNull()
    expect(reading.current?.scanId).toBe(uuid(201))
    await vi.advanceTimersByTimeAsync(10_000)
    expect(votes()).toHaveLength(3)
  })

  it('gives a vote that was changed while the server was away a name of its own, and waits for the reader', async () => {
    const reading = await seated()
    reading.saw(uuid(200), 'picture')
    reading.choose({ kind: 'grade', grade: 3 })
    answer = () => ({ ok: false, error: { code: 'database-unreachable', message: 'Away.' } })
    await reading.cast()
    reading.choose({ kind: 'grade', grade: 4 })
    await vi.advanceTimersByTimeAsync(10_000)
    expect(votes()).toHaveLength(1)
    await reading.cast()
    expect(votes()[1]).toMatchObject({ grade: 4 })
    expect(votes()[1]!.request).not.toBe(votes()[0]!.request)
  })

  it('says that a vote came too late, and shows the desk as it is now', async () => {
    const reading = await seated()
    reading.saw(uuid(200), 'picture')
    reading.choose({ kind: 'grade', grade: 3 })
    answer = (verb) =>
      verb === 'cast'
        ? { ok: false, error: { code: 'study-not-open', message: 'Closed.' } }
        : { ok: true, value: deskAt(0, { open: false, current: null }) }
    await reading.cast()
    expect(reading.trouble).toMatchObject({ of: 'stale', failure: { code: 'study-not-open' } })
    expect(reading.desk?.open).toBe(false)
    expect(reading.pick).toBeNull()
  })

  it('counts the time from the first picture, without the pauses', async () => {
    const reading = await seated()
    reading.saw(uuid(200), 'picture')
    vi.setSystemTime(new Date('2026-03-01T10:00:05Z'))
    reading.saw(uuid(200), 'picture')
    reading.pause(true)
    reading.choose({ kind: 'grade', grade: 1 })
    await reading.cast()
    expect(reading.pick).toBeNull()
    expect(votes()).toHaveLength(0)
    vi.setSystemTime(new Date('2026-03-01T10:10:05Z'))
    reading.pause(false)
    reading.choose({ kind: 'grade', grade: 1 })
    answer = () => ({ ok: true, value: deskAt(1) })
    await reading.cast()
    expect(votes()[0]).toMatchObject({ shownAt: '2026-03-01T10:00:00.000Z', lookedMs: 5000 })
  })

  it('goes on from the time looked before an interruption', async () => {
    answer = () => ({ ok: true, value: deskAt(0, { place: { slice: 2, window: null, lookedMs: 7000 } }) })
    const reading = await seated()
    reading.saw(uuid(200), 'picture')
    vi.setSystemTime(new Date('2026-03-01T10:00:03Z'))
    reading.choose({ kind: 'grade', grade: 1 })
    answer = () => ({ ok: true, value: deskAt(1) })
    await reading.cast()
    expect(votes()[0]!.lookedMs).toBe(10_000)
  })

  it('stays at a calibration case with its known grade until the reader goes on', async () => {
    const reading = await seated()
    reading.saw(uuid(200), 'picture')
    reading.choose({ kind: 'grade', grade: 2 })
    const feedback = {
      ...{ assignmentId: uuid(100), position: 1, grade: 2, reason: null, known: 4, why: 'Because.', motionMm: null },
      ...{ site: 'tibia' as const, left: 1 },
    }
    answer = () => ({ ok: true, value: deskAt(1, { feedback }) })
    await reading.cast()
    expect(reading.current?.scanId).toBe(uuid(200))
    expect(reading.lesson?.of.known).toBe(4)
    reading.choose({ kind: 'grade', grade: 4 })
    await reading.undo()
    expect(asked.filter(([verb]) => verb === 'undo')).toEqual([])
    await reading.cast()
    expect(votes()).toHaveLength(1)
    expect(reading.lesson).toBeNull()
    expect(reading.current?.scanId).toBe(uuid(201))
    expect([reading.pick, reading.sight]).toEqual([null, null])
  })

  it('takes the second vote on the same pictures with nothing picked and a clock of its own', async () => {
    const reading = await seated()
    reading.saw(uuid(200), 'picture')
    reading.choose({ kind: 'grade', grade: 2 })
    vi.setSystemTime(new Date('2026-03-01T10:00:09Z'))
    const first = deskAt(0)
    const second = { modelGrade: 3, firstGrade: 2, firstReason: null }
    answer = () => ({ ok: true, value: { ...first, current: { ...first.current!, assignmentId: uuid(500), second } } })
    await reading.cast()
    expect(reading.pick).toBeNull()
    expect(reading.sight?.of).toBe('picture')
    vi.setSystemTime(new Date('2026-03-01T10:00:11Z'))
    reading.choose({ kind: 'grade', grade: 3 })
    answer = () => ({ ok: true, value: deskAt(1) })
    await reading.cast()
    expect(votes().map((vote) => [vote.assignmentId, vote.grade, vote.lookedMs])).toEqual([
      [uuid(100), 2, 9000],
      [uuid(500), 3, 2000],
    ])
  })

  it('asks for a grade of each stack, then for how sure', async () => {
    const start = deskAt(0, { ask: { confidence: true, worstSlice: 'optional', region: 'off', regionRequired: false } })
    answer = () => ({ ok: true, value: { ...start, current: { ...start.current!, stacks: 2 } } })
    const reading = await seated()
    reading.saw(uuid(200), 'picture')
    reading.choose({ kind: 'grade', grade: 3 })
    expect([reading.stacks, reading.stack, reading.pick]).toEqual([[3, null], 1, null])
    await reading.cast()
    expect(reading.hint).toBe('stacks-left')
    reading.choose({ kind: 'grade', grade: 1 })
    expect(reading.pick).toEqual({ kind: 'grade', grade: 3 })
    await reading.cast()
    expect(reading.hint).toBe('no-confidence')
    reading.nextConfidence()
    reading.nextConfidence()
    answer = () => ({ ok: true, value: deskAt(1) })
    await reading.cast()
    expect(votes()[0]).toMatchObject({ grade: 3, stackGrades: [3, 1], confidence: 2 })
  })

  it('takes nothing back where there is nothing', async () => {
    const reading = await seated()
    await reading.undo()
    expect(reading.hint).toBe('nothing-to-undo')
    expect(asked.map(([verb]) => verb)).toEqual(['desk'])
  })
})
