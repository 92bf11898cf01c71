import { parseArgs } from 'node:util'
import { ConcordError, messageOf } from '../domain/error.ts'
import { motionEstimate } from '../domain/qme.ts'
import { readAngles, readProjections } from '../imaging/projections.ts'
import { type CommandIo, rejectLine } from './votes.ts'

const USAGE = 'qme PROJECTIONS… [--angles FILE] [--centre COLUMN]'

/**
 * `concord qme`: the quantitative motion estimate of each file of projections (a Scanco RSQ or a .npy), one JSON line a
 * file on stdout. `centre` is a column of the detector, 0 the middle of the first. Exit code 0; 2 for bad arguments or
 * where no file could be used.
 */
export async function qmeCommand(args: string[], io: CommandIo): Promise<number> {
  let files: string[]
  let given: { angles?: string | undefined; centre?: number }
  try {
    ;({ files, given } = optionsOf(args))
  } catch (error) {
    io.err(`${messageOf(error)} Usage: ${USAGE}`)
    return 2
  }
  let done = 0
  for (const file of files) {
    try {
      const angles = given.angles === undefined ? undefined : await readAngles(given.angles)
      const { format, rows, columns, angles: used, ...views } = await readProjections(file, angles)
      const { ssd, ncc, qmeSSD, qmeNCC, centre, ...more } = motionEstimate({ rows, columns, ...views }, given.centre)
      io.out(JSON.stringify({ file, ssd, ncc, qmeSSD, qmeNCC, centre, ...more, format, rows, columns, angles: used }))
      if (more.reason) io.err(`${file}: ${more.reason}`)
      done++
    } catch (error) {
      rejectLine(file, error, io)
    }
  }
  return done > 0 ? 0 : 2
}

function optionsOf(args: string[]) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { angles: { type: 'string' }, centre: { type: 'string' } },
  })
  if (positionals.length === 0) throw new ConcordError('no-file', 'Name a file of projections.')
  const centre = values.centre === undefined ? undefined : Number(values.centre)
  if (centre !== undefined && (values.centre!.trim() === '' || !Number.isFinite(centre)))
    throw new ConcordError('bad-option', `--centre must be a column's number, not "${values.centre}".`)
  return {
    files: positionals,
    given: { angles: values.angles, ...(centre === undefined ? {} : { centre }) },
  }
}
