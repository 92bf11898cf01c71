import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { openFile } from './bytes.ts'
import type { Source } from './protocol.ts'
import { BLOCK, ISQ_MAGIC } from './scanco.ts'

/** Folder beside scans, or beside their folder, in which the motion phantom and others put projections. */
const folderName = 'projections'

const extensions = /\.(rsq|npy|isq|aim|dcm|mha|mhd|nii(\.gz)?|nrrd|nhdr|tiff?)$/i

/** Name without extension and the version that VMS appends (`;1`), for comparison. */
const stemOf = (path: string): string => basename(path).replace(/;\d+$/, '').replace(extensions, '').toLowerCase()

const named = (path: string, extension: string): boolean => new RegExp(`\\.${extension}(;\\d+)?$`, 'i').test(path)

/** Patient and measurement as both an ISQ and an RSQ of a measurement number them; undefined for other files. */
async function scancoNumbers(path: string): Promise<string | undefined> {
  try {
    const source = await openFile(path)
    try {
      const head = await source.peek(BLOCK)
      if (head.length < BLOCK || head.toString('latin1', 0, 16) !== ISQ_MAGIC) return undefined
      return `${head.readInt32LE(28)}/${head.readInt32LE(112)}`
    } finally {
      await source.close()
    }
  } catch {
    return undefined
  }
}

/**
 * Finds the projections of scans: sets `projections` of each source that has some, and resolves to the paths so taken.
 * A file of projections (Scanco RSQ, or a .npy of the three views) belongs to a scan of the same name that lies in the
 * same folder, beside a folder `projections` or in that folder's neighbour; to the series whose folder holds it alone; or to the ISQ in its folder
 * whose header has the same patient and measurement number (the scanner counts its files up: C0001234.ISQ, D0001235.RSQ).
 * A name alone does not suffice where both headers have numbers and these differ.
 */
export async function findProjections(sources: readonly Source[]): Promise<Set<string>> {
  const listings = new Map<string, Promise<string[]>>()
  const listing = (folder: string): Promise<string[]> => {
    const known = listings.get(folder) ?? projectionsIn(folder)
    listings.set(folder, known)
    return known
  }
  const shared = new Map<string, number>()
  for (const { path } of sources) shared.set(path, (shared.get(path) ?? 0) + 1)
  const taken = new Set<string>()
  for (const source of sources) {
    // Several series of one folder: nobody can tell whose the projections are.
    if (named(source.path, 'rsq') || shared.get(source.path)! > 1) continue
    const found = await projectionsOf(source, listing)
    if (found === undefined) continue
    source.projections = found
    taken.add(found)
  }
  return taken
}

async function projectionsOf(source: Source, listing: (folder: string) => Promise<string[]>) {
  const folder = dirname(source.path)
  const places = [folder, join(folder, folderName), join(dirname(folder), folderName)]
  const numbers = source.format === 'isq' ? await scancoNumbers(source.path) : undefined
  const agrees = async (path: string): Promise<boolean> => {
    const theirs = numbers === undefined ? undefined : await scancoNumbers(path)
    return theirs === undefined || theirs === numbers
  }
  const stem = stemOf(source.path)
  for (const place of places)
    for (const path of await listing(place)) if (stemOf(path) === stem && (await agrees(path))) return path
  const own = source.files.length > 1 && source.path !== source.files[0] ? await listing(source.path) : []
  if (own.length === 1) return own[0]
  if (numbers === undefined) return undefined
  for (const path of await listing(folder))
    if (named(path, 'rsq') && (await scancoNumbers(path)) === numbers) return path
  return undefined
}

/** Files of projections in a folder, RSQ before .npy; none where it cannot be read. */
async function projectionsIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const names = entries.filter((entry) => entry.isFile()).map((entry) => entry.name)
  return ['rsq', 'npy'].flatMap((kind) =>
    names
      .filter((name) => named(name, kind))
      .sort()
      .map((name) => join(folder, name)),
  )
}
