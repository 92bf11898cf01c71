import { readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ConcordError } from '../domain/error.ts'
import { makeFolder } from '../files/make-folder.ts'
import { writeWhole } from '../files/whole.ts'

/** What scans are made from: their number, their size and so on, by this seed. */
export interface SeededRequest {
  seed: string | number
}

/** Raised when the same request no longer gives the same bytes: an older folder cannot be gone on with then. */
const version = 2

const nameOf = (folder: string): string => join(folder, 'plan.json')

/**
 * What `folder` is being filled with, undefined where it holds no plan. Throws `plan-damaged`; a plan of another version
 * of the phantom is `plan-outdated`.
 */
export async function readPlan<Request extends SeededRequest>(folder: string): Promise<Request | undefined> {
  const text = await readFile(nameOf(folder), 'utf8').catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw error
  })
  if (text === undefined) return undefined
  let plan: { version: number; request: Request }
  try {
    plan = JSON.parse(text) as typeof plan
  } catch {
    throw new ConcordError('plan-damaged', 'The plan of this folder (plan.json) is damaged; name a new folder.')
  }
  if (plan.version !== version)
    throw new ConcordError(
      'plan-outdated',
      'This folder was begun by another version of the program, whose scans differ; name a new one.',
    )
  return plan.request
}

/**
 * Begins a folder or goes on with one that was begun for the same request; throws `plan-differs` for any other, and as
 * `readPlan`. `what` the folder holds, in the plural.
 */
export async function keepPlan(folder: string, request: SeededRequest, what = 'scans'): Promise<void> {
  const begun = await readPlan(folder)
  if (begun && !sameRequest(begun, request))
    throw new ConcordError(
      'plan-differs',
      `The folder holds ${what} of another plan; name a new one, or ask for the same ${what} again to go on with it.`,
    )
  makeFolder(folder)
  if (!begun) await writePlan(folder, request)
}

/** Written before the first scan, so that an interrupted folder tells what it was to hold. */
async function writePlan(folder: string, request: SeededRequest): Promise<void> {
  await writeWhole(nameOf(folder), JSON.stringify({ version, request: inOrder(request) }, null, 1) + '\n')
}

/** Whether two requests ask for the same files. */
export function sameRequest(a: SeededRequest, b: SeededRequest): boolean {
  return JSON.stringify(inOrder(a)) === JSON.stringify(inOrder(b))
}

function inOrder(request: SeededRequest): Record<string, unknown> {
  const seed = String(request.seed)
  return Object.fromEntries(Object.entries({ ...request, seed }).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The planned scans whose file or series lies in the folder: these are whole, for they are put there last of all. */
export async function scansMade<Scan extends { id: string }>(scans: readonly Scan[], pathOf: (scan: Scan) => string) {
  const made = new Set<string>()
  for (const scan of scans) if (await stat(pathOf(scan)).catch(() => undefined)) made.add(scan.id)
  return made
}

/** Runs `write` on a path beside the study and moves what it wrote to `path`: there is never half a scan under its name. */
export async function whole(making: string, path: string, write: (path: string) => Promise<void>): Promise<void> {
  await rm(making, { recursive: true, force: true })
  await write(making)
  await rename(making, path)
}
