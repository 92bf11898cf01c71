import { createReadStream } from 'node:fs'
import type { Ratings } from '../domain/agreement/ratings.ts'
import { readVotes } from '../domain/csv.ts'
import { ConcordError } from '../domain/error.ts'
import { categoriesOf, cutIndex } from '../domain/scale.ts'
import { type CommandIo, rejectLine } from './io.ts'

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

function number(option: string, text: string): number {
  if (!/^\s*[+-]?\d+(\.\d+)?\s*$/.test(text))
    throw new ConcordError('bad-option', `${option} needs numbers, separated by commas, not "${text}".`)
  return Number(text)
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
