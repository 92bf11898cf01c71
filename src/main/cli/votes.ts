import { createReadStream } from 'node:fs'
import type { Ratings } from '../domain/agreement/ratings.ts'
import { readVotes } from '../domain/csv.ts'
import { ConcordError, messageOf } from '../domain/error.ts'
import { categoriesOf, cutIndex } from '../domain/scale.ts'

/** Where a command writes: JSON lines for programs, messages for people. */
export type CommandIo = { out(line: string): void; err(line: string): void }

/**
 * The scale of `--categories` (default 1 to 5) and the re-scan cut of `--rescan-from` (default 4, where the scale has
 * grades on both sides of it). Throws `bad-option`, or the scale's errors.
 */
export function scaleOptions(categories: string | undefined, rescanFrom: string | undefined) {
  const declared = categoriesOf((categories ?? '1,2,3,4,5').split(',').map((text) => number('--categories', text)))
  const cut = rescanFrom === undefined ? 4 : number('--rescan-from', rescanFrom)
  const onScale = cutIndex(declared, cut) !== null
  if (!onScale && rescanFrom !== undefined)
    throw new ConcordError('bad-option', `--rescan-from ${rescanFrom} has no grade of the scale on one of its sides.`)
  return { categories: declared, rescanFrom: onScale ? cut : null }
}

/** A whole number from 0 to `most`. Throws `bad-option`. */
export function wholeNumber(option: string, text: string, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (!(value <= most))
    throw new ConcordError('bad-option', `${option} must be a whole number up to ${most}, not "${text}".`)
  return value
}

function number(option: string, text: string): number {
  if (!/^\s*[+-]?\d+(\.\d+)?\s*$/.test(text))
    throw new ConcordError('bad-option', `${option} needs numbers, separated by commas, not "${text}".`)
  return Number(text)
}

const FILE_MESSAGES: Record<string, [code: string, message: string]> = {
  ENOENT: ['file-not-found', 'There is no such file; check the path.'],
  EACCES: ['file-no-access', 'The file may not be read; ask for the right to read it.'],
  EPERM: ['file-no-access', 'The file may not be read; ask for the right to read it.'],
  EISDIR: ['file-is-folder', 'This is a folder; name a CSV file in it.'],
}

/** Writes the reject line of a bad file and its message; anything but bad input is thrown again. */
export function rejectLine(file: string, error: unknown, io: CommandIo): void {
  const known = FILE_MESSAGES[(error as NodeJS.ErrnoException | undefined)?.code ?? '']
  if (!known && !(error instanceof ConcordError)) throw error
  const [code, message] = known ?? [(error as ConcordError).code, messageOf(error)]
  io.out(JSON.stringify({ file, kind: 'reject', code, message }))
  io.err(`${file}: ${message}`)
}

/** The answer as one line. Throws `answer-too-long` where it is longer than a text can be (512 MiB: some five million labels). */
function oneLine(answer: object): string {
  try {
    return JSON.stringify(answer)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new ConcordError('answer-too-long', 'The answer does not fit in one line; split the file by site or patient.')
  }
}

/** One JSON line a file of votes; a bad file gets its reject line and does not stop the others. Exit code 2 if any was bad. */
export async function eachVotesFile(
  { files, categories }: { files: string[]; categories: number[] },
  io: CommandIo,
  answer: (ratings: Ratings) => object,
): Promise<number> {
  let exit = 0
  for (const file of files) {
    try {
      const ratings = await readVotes(createReadStream(file, { highWaterMark: 1 << 20 }), categories)
      io.out(oneLine({ file, ...answer(ratings) }))
    } catch (error) {
      rejectLine(file, error, io)
      exit = 2
    }
  }
  return exit
}
