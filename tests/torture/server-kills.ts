import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Page } from '@playwright/test'
import type { ConcordApi } from '../../src/preload/contract/index.ts'
import { addressText } from '../../src/main/store/server/address.ts'
import { killTree } from '../fixtures/kill-tree.ts'
import type { TestServer } from '../fixtures/postgres.ts'
import { openStudy, startProgram } from '../fixtures/program.ts'
import { votesSaid } from '../fixtures/votes.ts'
import { openWindow, type Window } from '../main-job/window.ts'

/** What is killed while a window votes at a department's server. */
export const victims = ['the window', 'the server'] as const
export type Victim = (typeof victims)[number]

export interface ServerKills {
  acknowledged: Record<Victim, number>
  problems: string[]
}

interface Cast {
  assignmentId: string
  grade: number
}

/** The longest time it votes before the kill, in milliseconds; a vote takes a few. */
const longest = 1200

/**
 * A window votes at a real PostgreSQL server as fast as votes are taken. In every other round the window is killed with all its
 * processes; in the others the server is, with all of its, and started again: then the same window goes on, without a hand, and
 * is killed too. A fresh window shows each time, on the reader's page, how many votes are there.
 */
export async function killAtServer(
  server: TestServer,
  rounds: number,
  { env: given, seed, tell }: { env: Record<string, string>; seed: number; tell(line: string): void },
): Promise<ServerKills> {
  const data = mkdtempSync(join(tmpdir(), 'concord-torture-'))
  const place = await server.database({ name: `windows_${seed}` })
  const env = { ...given, CONCORD_DATABASE: addressText(place.address), PGPASSWORD: place.password ?? '' }
  const result: ServerKills = { acknowledged: { 'the window': 0, 'the server': 0 }, problems: [] }
  const all: Cast[] = []
  try {
    const program = await startProgram(data, { server: place })
    const { studyId } = await openStudy(program, 200 + rounds * 240)
    await program.close()
    let before = 0
    for (let round = 1; round <= rounds; round++) {
      const victim = victims[(round - 1) % victims.length]!
      const wait = 20 + (((seed + round) * 2654435761) % 2 ** 32) / 2 ** 32 / (1 / longest)
      const { casts, trouble } = await workUntilKilled(studyId, victim, wait)
      all.push(...casts)
      result.acknowledged[victim] += casts.length
      const shown = await inFreshWindow(studyId)
      // One more may be there, whose answer the kill kept from the page.
      if (shown < before + casts.length || shown > before + casts.length + 1)
        result.problems.push(
          `round ${round}: ${shown} votes on the page; ${before} before, ${casts.length} acknowledged`,
        )
      if (trouble) result.problems.push(`round ${round}: ${trouble}`)
      before = shown
      tell(`round ${round} / ${rounds}: ${victim} killed after ${Math.round(wait)} ms, ${casts.length} acknowledged`)
    }
    result.problems.push(...(await wrongInDatabase(before)))
    return result
  } finally {
    rmSync(data, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }

  async function workUntilKilled(studyId: string, victim: Victim, wait: number) {
    const window = await openWindow({ data, env })
    const casts: Cast[] = []
    const failures: string[] = []
    try {
      await window.page.exposeFunction('acknowledge', (one: Cast) => void casts.push(one))
      await window.signIn('r1')
      void vote(window.page, studyId).catch((error: unknown) => failures.push(String(error)))
      // However slow the machine: nothing but a fault keeps it from the next ones.
      const more = async (count: number): Promise<void> => {
        const patience = Date.now() + 600_000
        while (casts.length < count && failures.length === 0 && Date.now() < patience) await pause(5)
        if (casts.length < count) failures.push(`it stands still after ${casts.length} votes`)
      }
      await more(1)
      await pause(wait)
      if (victim === 'the server') {
        await server.kill()
        // Until the window has noticed.
        await window.at('server-away').waitFor()
        await server.startAgain()
        await more(casts.length + 3)
        await window.at('server-away').waitFor({ state: 'detached' })
      }
      // What fails when the window is killed is no fault.
      return { casts, trouble: failures[0] ?? null }
    } finally {
      await killed(window)
    }
  }

  /** What a reader sees after a new start: the number of own votes on the page of progress, and the next scan in the queue. */
  async function inFreshWindow(studyId: string): Promise<number> {
    const window = await openWindow({ data, env })
    try {
      await window.signIn('r1')
      await window.click('study-open')
      await window.at('scan-position').waitFor()
      const position = Number(await window.at('scan-position').getAttribute('data-position'))
      await window.page.evaluate((to) => void (location.hash = to), `#/studies/${studyId}/progress`)
      const text = await window.at('progress-done').innerText()
      const done = Number(/\d+/.exec(text)?.[0])
      if (position !== done + 1) result.problems.push(`scan ${position} is in front, after ${done} votes`)
      return done
    } finally {
      await killed(window)
    }
  }

  async function wrongInDatabase(shown: number): Promise<string[]> {
    const program = await startProgram(data, { server: place })
    try {
      const votes = await votesSaid(program)
      const found = Map.groupBy(votes, (vote) => vote.assignment_id)
      const { broken } = await program.services.audit.check()
      return [
        ...all
          .filter(({ assignmentId, grade }) => found.get(assignmentId)?.[0]?.grade !== grade)
          .map(({ assignmentId }) => `lost: vote ${assignmentId}`),
        ...[...found].filter(([, revisions]) => revisions.length > 1).map(([id]) => `doubled: ${id}`),
        ...(votes.length === shown ? [] : [`${votes.length} votes in the database, ${shown} on the page`]),
        ...(broken ? [`the chain: ${broken.why}`] : []),
      ]
    } finally {
      await program.close()
    }
  }
}

async function killed(window: Window): Promise<void> {
  await killTree(window.app.process().pid!)
  await window.app.close().catch(() => undefined)
}

/** In the page: votes as fast as answers come; what was not answered is sent again under the same name, as the page does. */
function vote(page: Page, studyId: string): Promise<void> {
  return page.evaluate(async (studyId) => {
    const { concord, acknowledge } = window as unknown as {
      concord: ConcordApi
      acknowledge(cast: { assignmentId: string; grade: number }): Promise<void>
    }
    const away = ({ code }: { code: string }): boolean => code.startsWith('database-')
    const soon = (): Promise<void> => new Promise((later) => setTimeout(later, 100))
    let desk = await concord.reading.desk({ studyId })
    for (let n = 0; desk.ok && desk.value.current; n++) {
      const { assignmentId } = desk.value.current
      const grade = 1 + (n % 5)
      const ballot = {
        ...{ assignmentId, grade, reason: null, shownAt: new Date().toISOString(), worstSlice: null, note: null },
        ...{ confidence: null, stackGrades: null, lookedMs: null, request: crypto.randomUUID() },
      }
      desk = await concord.reading.cast(ballot)
      while (!desk.ok && away(desk.error)) {
        await soon()
        desk = await concord.reading.cast(ballot)
      }
      if (desk.ok) await acknowledge({ assignmentId, grade })
    }
    if (!desk.ok) throw new Error(`${desk.error.code}: ${desk.error.message}`)
  }, studyId)
}
