import { join } from 'node:path'
import { writeStudy } from '../../src/main/phantom/write.ts'
import { createStudyWith, startProgram, type Program } from '../fixtures/program.ts'
import { votesSaid, type VoteSaid } from '../fixtures/votes.ts'
import { expect, test, type Window } from './window.ts'

const scans = 30
/** Milliseconds of the pause. */
const pause = 800

/** Thirty scans of the motion phantom, small enough to be made in a few seconds, in an open study. */
async function prepare(data: string): Promise<Program> {
  const program = await startProgram(data)
  const folder = join(data, 'made')
  const request = { patients: 15, scansPerPatient: 2, site: 'both', size: 64, slices: 8, seed: 7 } as const
  await writeStudy(folder, { ...request, grades: 'balanced', formats: ['isq'], views: 48 })
  await createStudyWith(program, [{ folder: join(folder, 'scans'), purpose: 'reading' }])
  return program
}

async function votesOf(program: Program, reader: string): Promise<VoteSaid[]> {
  const { id } = await program.db
    .selectFrom('account')
    .select('id')
    .where('name', '=', reader)
    .executeTakeFirstOrThrow()
  return (await votesSaid(program)).filter((vote) => vote.account_id === id)
}

/** Waits for another scan than the last one; returns its pseudonym. */
async function shown(window: Window, before = ''): Promise<string> {
  await window.page.waitForFunction((last) => {
    const text = document.querySelector('[data-test="pseudonym"]')?.textContent?.trim()
    return text && text !== last && document.querySelector('[data-test="reading-canvas"][data-drawn="true"]')
  }, before)
  return window.at('pseudonym').innerText()
}
const canvas = (window: Window) => window.at('reading-canvas')

async function enter(window: Window): Promise<string> {
  await window.signIn('r1')
  // The way to the queue by keyboard alone as well.
  await window.at('study-open').first().focus()
  await window.page.keyboard.press('Enter')
  return shown(window)
}

test('thirty phantom scans are graded by keyboard alone, through undo, pause, a skip and a crash', async ({
  data,
  open,
}) => {
  const program = await prepare(data)
  const first = await open()
  let window = first
  const began = Date.now()
  let at = await enter(window)
  const press = (key: string) => window.page.keyboard.press(key)
  /**
   * Of each vote, the least and the most milliseconds that its scan can have been looked at, by this test's clock: it was on the screen
   * before the test saw it, and until the test had pressed Enter; it was not before the key that brought it.
   */
  const looked: { least: number; most: number }[] = []
  /** When the scan at each position can first have been on the screen, and for how long it surely was not, or was before. */
  const brought = new Map([[1, began]])
  const apart = new Map<number, number>()
  const before = new Map<number, number>()
  let saw = Date.now()
  const cast = async (position: number, keys: string[]): Promise<void> => {
    for (const key of keys) await press(key)
    const least = position === 7 ? 0 : Date.now() - saw + (before.get(position) ?? 0)
    if (!brought.has(position + 1)) brought.set(position + 1, Date.now())
    await press('Enter')
    looked.push({ least, most: Date.now() - brought.get(position)! - (apart.get(position) ?? 0) })
  }
  const next = async (last: string): Promise<string> => {
    const scan = await shown(window, last)
    saw = Date.now()
    return scan
  }
  const seen = [at]
  const grades: number[] = []
  for (let position = 1; position <= scans; position++) {
    await expect(window.at('scan-position')).toHaveAttribute('data-position', String(position))
    const grade = (position % 5) + 1
    if (position === 4) {
      // Taken back and given again.
      await press('Backspace')
      expect(await next(at)).toBe(seen[2])
      await cast(3, ['1'])
      grades[2] = 1
      expect(await next(seen[2]!)).toBe(at)
    }
    if (position === 7) {
      // A pause: its time is not the scan's.
      await press('l')
      await window.at('paused').waitFor()
      await window.page.waitForTimeout(pause)
      apart.set(position, pause)
      await press('l')
      await expect(window.at('paused')).toHaveCount(0)
    }
    if (position === 12) {
      // Somewhere in the stack, in another window, when the program is killed.
      await press('Home')
      await press('ArrowDown')
      await press('w')
      await expect(canvas(window)).toHaveAttribute('data-slice', '1')
      const preset = await canvas(window).getAttribute('data-window')
      const place = async () =>
        (await program.db.selectFrom('reading_place').select('place').execute())[0]?.place ?? '{}'
      await expect.poll(async () => JSON.parse(await place()) as object).toMatchObject({ slice: 1, window: { preset } })
      before.set(position, (JSON.parse(await place()) as { lookedMs: number }).lookedMs)
      expect(before.get(position)).toBeGreaterThan(0)
      const ended = new Promise((end) => window.app.process().once('exit', end))
      window.app.process().kill('SIGKILL')
      await ended
      window = await open()
      expect(await enter(window)).toBe(at)
      saw = Date.now()
      await expect(window.at('scan-position')).toHaveAttribute('data-position', '12')
      await expect(canvas(window)).toHaveAttribute('data-slice', '1')
      await expect(canvas(window)).toHaveAttribute('data-window', preset!)
      await expect(window.page.locator('[data-picked="true"]')).toHaveCount(0)
    }
    if (position === 20) {
      await press('0')
      await window.at('cannot-panel').waitFor()
      await cast(position, ['2'])
      grades.push(0)
    } else {
      await cast(position, [String(grade)])
      grades.push(grade)
    }
    if (position < scans) seen.push((at = await next(at)))
    await expect(window.at('saved')).toHaveAttribute('data-position', String(position))
  }
  await window.at('queue-finished').waitFor()
  expect(new Set(seen).size).toBe(scans)

  const votes = await votesOf(program, 'r1')
  const last = new Map(votes.map((vote) => [vote.position, vote]))
  expect([...last.values()].map((vote) => vote.grade ?? 0)).toEqual(grades)
  expect(last.get(20)).toMatchObject({ grade: null, reason: 'incomplete' })
  expect(votes.filter((vote) => vote.position === 3).map((vote) => vote.kind)).toEqual(['cast', 'withdrawn', 'cast'])
  // Every vote says how long the scan was looked at: the pause is in none, what was looked before the crash is.
  const told = votes.filter((vote) => vote.kind === 'cast')
  expect(told).toHaveLength(looked.length)
  for (const [index, { position, looked_ms, shown_at, cast_at }] of told.entries()) {
    const { least, most } = looked[index]!
    // Both clocks cut off what is less than a millisecond.
    expect(looked_ms!, `at ${position}`).toBeGreaterThanOrEqual(least - 2)
    expect(looked_ms!, `at ${position}`).toBeLessThanOrEqual(most + 2)
    expect(Date.parse(cast_at)).toBeGreaterThan(Date.parse(shown_at!))
  }
  await program.close()
})
