import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { _electron as electron, type Page } from '@playwright/test'
import { launch } from '../../scripts/lib/launch.mjs'
import { verifyChain } from '../../src/main/store/verify.ts'
import { closeDatabase, openDatabase } from '../../src/main/store/database.ts'
import type { ConcordApi } from '../../src/preload/contract/index.ts'
import { openStudy, password, startProgram } from '../fixtures/program.ts'

export interface TortureResult {
  rounds: number
  acknowledged: number
  /** Votes found in the database that the window never got an answer for: allowed, at most one a round. */
  unanswered: number
  lost: string[]
  doubled: string[]
  chain: string | null
}

interface Acknowledged {
  assignmentId: string
  grade: number
}

/**
 * Kills the whole program with SIGKILL at random moments while a reader casts votes, starts it again, and looks for each
 * acknowledged vote in the database: there, once, with its grade.
 * @param env DISPLAY for the window
 */
export async function torture(
  rounds: number,
  { env, seed, tell }: { env: Record<string, string>; seed: number; tell(line: string): void },
): Promise<TortureResult> {
  const data = mkdtempSync(join(tmpdir(), 'concord-torture-'))
  try {
    const program = await startProgram(data)
    // More scans than a fast machine casts votes in all rounds: a round without a vote left would wait for ever.
    const { studyId } = await openStudy(program, 200 + rounds * 250)
    await program.close()
    const acknowledged: Acknowledged[] = []
    for (let round = 1; round <= rounds; round++) {
      // A moment between 20 and 1220 ms after the first vote, spread by a fixed sequence so that a failure can be repeated.
      const moment = 20 + (((seed + round) * 2654435761) % 2 ** 32) / 2 ** 32 / (1 / 1200)
      const cast = await castUntilKilled(data, studyId, moment, env)
      acknowledged.push(...cast)
      tell(`round ${round} / ${rounds}: killed after ${Math.round(moment)} ms, ${cast.length} votes acknowledged`)
    }
    return await lookFor(acknowledged, data, rounds)
  } finally {
    rmSync(data, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
}

async function castUntilKilled(
  data: string,
  studyId: string,
  moment: number,
  env: Record<string, string>,
): Promise<Acknowledged[]> {
  const { data: _, ...options } = launch({ data, env })
  const app = await electron.launch(options)
  const acknowledged: Acknowledged[] = []
  try {
    const page = await app.firstWindow()
    await page.exposeFunction('acknowledge', (vote: Acknowledged) => void acknowledged.push(vote))
    await page.waitForFunction(() => 'concord' in window)
    void castForever(page, studyId).catch(() => undefined)
    while (acknowledged.length === 0) await pause(5)
    await pause(moment)
  } finally {
    killTree(app.process().pid!)
  }
  await app.close().catch(() => undefined)
  return acknowledged
}

/** In the page: signs in and casts as fast as answers come; each answer is reported as it arrives. */
async function castForever(page: Page, studyId: string): Promise<void> {
  await page.evaluate(
    async ({ studyId, password }) => {
      const { concord, acknowledge } = window as unknown as {
        concord: ConcordApi
        acknowledge(vote: { assignmentId: string; grade: number }): Promise<void>
      }
      await concord.accounts.signIn({ name: 'r1', password })
      let desk = await concord.reading.desk({ studyId })
      for (let n = 0; desk.ok && desk.value.current; n++) {
        const { assignmentId } = desk.value.current
        const grade = 1 + (n % 5)
        desk = await concord.reading.cast({
          assignmentId,
          grade,
          reason: null,
          shownAt: new Date().toISOString(),
          worstSlice: null,
          note: null,
        })
        if (desk.ok) await acknowledge({ assignmentId, grade })
      }
    },
    { studyId, password },
  )
}

/** SIGKILL to the program and all its helpers at once: none gets to tidy up. */
function killTree(pid: number): void {
  try {
    process.kill(pid, 'SIGSTOP')
  } catch {
    return
  }
  process.kill(pid, 'SIGKILL')
}

async function lookFor(acknowledged: Acknowledged[], data: string, rounds: number): Promise<TortureResult> {
  const db = await openDatabase(join(data, 'concord.db'))
  const votes = await db.selectFrom('vote').select(['assignment_id', 'grade']).where('kind', '=', 'cast').execute()
  const chain = await verifyChain(db)
  await closeDatabase(db)
  const found = new Map<string, (number | null)[]>()
  for (const vote of votes) found.set(vote.assignment_id, [...(found.get(vote.assignment_id) ?? []), vote.grade])
  return {
    rounds,
    acknowledged: acknowledged.length,
    unanswered: votes.length - acknowledged.length,
    lost: acknowledged.filter((a) => !found.get(a.assignmentId)?.includes(a.grade)).map((a) => a.assignmentId),
    doubled: [...found].filter(([, grades]) => grades.length > 1).map(([id]) => id),
    chain: chain.broken?.why ?? null,
  }
}
