import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { _electron as electron } from '@playwright/test'
import { launch } from '../../scripts/lib/launch.mjs'
import { killTree } from '../fixtures/kill-tree.ts'
import { lookFor, type TortureResult } from './look.ts'
import { phases, work, type Acknowledged, type Phase, type Places } from './phases.ts'
import { prepare } from './prepare.ts'

/** The longest time a phase is left to work before the kill, in milliseconds; a vote takes a few, an epoch a second. */
const longest: Record<Phase, number> = { voting: 1200, import: 2500, backup: 2500, training: 4000 }

/** Milliseconds after which a window that does not come counts as hanging, however busy the machine is. */
const hanging = 300_000

interface Torture {
  /** DISPLAY for the window. */
  env: Record<string, string>
  seed: number
  tell(line: string): void
}

/**
 * Kills the program with SIGKILL at random moments while it takes votes, imports, backs up and trains, starts it
 * again, and looks for everything that was acknowledged: there, once, as it was. In half of the rounds all its processes are killed,
 * in the others the first one alone, as where it crashes: its helpers notice by themselves.
 */
export async function torture(rounds: number, { env, seed, tell }: Torture): Promise<TortureResult> {
  const data = mkdtempSync(join(tmpdir(), 'concord-torture-'))
  const made = mkdtempSync(join(tmpdir(), 'concord-torture-made-'))
  try {
    const places = await prepare(data, made, rounds)
    const acknowledged: Acknowledged[] = []
    for (let round = 1; round <= rounds; round++) {
      const phase = phases[(round - 1) % phases.length]!
      // Spread by a fixed sequence, so that a failure can be repeated.
      const moment = 20 + (((seed + round) * 2654435761) % 2 ** 32) / 2 ** 32 / (1 / longest[phase])
      // Votes come at once, and before the first one there is nothing to lose; the others take their time: every other one is
      // killed after the first was acknowledged, the others while they begin. Scans then come fast.
      const afterFirst = phase === 'voting' || round % 8 <= 4
      const wait = phase === 'import' && afterFirst ? moment / 20 : moment
      const done = await workUntilKilled(data, { phase, places, round, wait, afterFirst }, env)
      acknowledged.push(...done)
      tell(`round ${round} / ${rounds}: ${phase}, killed after ${Math.round(wait)} ms, ${done.length} acknowledged`)
    }
    return await lookFor(acknowledged, data, places, rounds)
  } finally {
    for (const folder of [data, made]) rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
}

async function workUntilKilled(
  data: string,
  one: { phase: Phase; places: Places; round: number; wait: number; afterFirst: boolean },
  env: Record<string, string>,
): Promise<Acknowledged[]> {
  const { phase, places, round, wait, afterFirst } = one
  const { data: _, ...options } = launch({ data, env })
  const app = await electron.launch({ ...options, timeout: hanging })
  app.context().setDefaultTimeout(hanging)
  const acknowledged: Acknowledged[] = []
  try {
    const page = await app.firstWindow({ timeout: hanging })
    await page.exposeFunction('acknowledge', (one: Acknowledged) => void acknowledged.push(one))
    await page.waitForFunction(() => 'concord' in window)
    let failed: unknown = null
    void work(page, phase, places, round).catch((error: unknown) => (failed = error))
    // However slow the machine: nothing but a fault keeps it from the first one.
    const patience = Date.now() + 600_000
    while (afterFirst && acknowledged.length === 0 && failed === null && Date.now() < patience) await pause(5)
    await pause(wait)
  } finally {
    const { pid } = app.process()
    if (round % 16 <= 8) await killTree(pid!)
    else app.process().kill('SIGKILL')
  }
  await app.close().catch(() => undefined)
  return acknowledged
}
