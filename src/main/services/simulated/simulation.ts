import { readdir } from 'node:fs/promises'
import { ConcordError } from '../../domain/error.ts'
import { writeHeelStudy } from '../../phantom/heel/write.ts'
import { readPlan } from '../../phantom/plan-file.ts'
import { planVotes, type VotesRequest, writeVotes } from '../../phantom/votes.ts'
import { writeStudy } from '../../phantom/write.ts'

/**
 * Makes a simulated study in a new or empty folder, or goes on with one that was begun there (see phantom/write.ts).
 * Throws `folder-not-empty`, `plan-differs` and what `readable` names.
 */
export const simulateInto = into(writeStudy)

/** The same for radiographs of the heel (phantom/heel/write.ts). */
export const simulateHeelsInto = into(writeHeelStudy)

function into<Rest extends unknown[], Written>(write: (folder: string, ...rest: Rest) => Promise<Written>) {
  return async (folder: string, ...rest: Rest): Promise<Written> => {
    try {
      if (!(await readPlan(folder))) await mustBeEmpty(folder)
      return await write(folder, ...rest)
    } catch (error) {
      throw readable(error)
    }
  }
}

/** Writes the votes of a simulated study, no scans, to a new or empty folder. Throws as `simulateInto`. */
export async function simulateVotesInto(folder: string, request: VotesRequest) {
  try {
    await mustBeEmpty(folder)
    const study = planVotes(request)
    return { ...study, files: await writeVotes(folder, study) }
  } catch (error) {
    throw readable(error)
  }
}

/** Nothing that lies there is overwritten or mixed with the new scans. */
async function mustBeEmpty(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  })
  if (names.length > 0)
    throw new ConcordError(
      'folder-not-empty',
      'The folder is not empty; name a new one, so that nothing is overwritten.',
    )
}

/** Failures of the file system as sentences about folders; others as they are. */
function readable(error: unknown): unknown {
  const refused = 'The folder may not be written; choose another, or ask for the right to write it.'
  const inTheWay = 'A file of this name is in the way; name a folder.'
  const messages: Record<string, [code: string, message: string]> = {
    EACCES: ['folder-no-access', refused],
    EPERM: ['folder-no-access', refused],
    ENOENT: ['folder-no-access', refused],
    EROFS: ['folder-no-access', 'The folder lies on a disk that may not be written; choose another.'],
    ENOTDIR: ['not-a-folder', inTheWay],
    EEXIST: ['not-a-folder', inTheWay],
    ENOSPC: ['disk-full', 'The disk is full; make room, or ask for fewer or smaller scans.'],
  }
  const known = messages[(error as NodeJS.ErrnoException | undefined)?.code ?? '']
  return known ? new ConcordError(...known) : error
}
