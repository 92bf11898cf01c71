import { ConcordError } from '../domain/error.ts'
import { estimateFile } from '../imaging/estimate-motion.ts'
import { readAngles, type ProjectionOptions } from '../imaging/projections.ts'
import { parse, text } from './arguments.ts'
import { about, type CommandIo, rejectLine } from './io.ts'

export const usage =
  'qme PROJECTIONS… [--angles FILE] [--centre COLUMN] ' +
  '[--source-axis MM --source-detector MM --bin MM --step DEGREES]'

/**
 * `concord qme`: the quantitative motion estimate of each file of projections (a Scanco RSQ or a .npy), one JSON line a
 * file on stdout. `centre` is a column of the detector, 0 the middle of the first. Fan-beam views are rebinned to parallel
 * ones: an RSQ's geometry is its header's, unless options say otherwise; a .npy's is given by options. Exit code 0; 2 for
 * bad arguments or where no file could be used.
 */
export async function qmeCommand(args: string[], io: CommandIo): Promise<number> {
  const { files, given } = optionsOf(args)
  const { angles: anglesFile, ...options } = given
  const angles = anglesFile === undefined ? {} : { angles: await readAngles(anglesFile).catch(about(anglesFile)) }
  let done = 0
  for (const file of files) {
    try {
      const { estimate, projections } = await estimateFile(file, { ...options, ...angles })
      const { ssd, ncc, qmeSSD, qmeNCC, centre, format, ...more } = estimate
      const { rows, columns, angles: used, beam } = projections
      const what = { format, rows, columns, angles: used, ...(beam ? { beam } : {}) }
      io.out(JSON.stringify({ file, ssd, ncc, qmeSSD, qmeNCC, centre, ...more, ...what }))
      if (more.reason) io.err(`${file}: ${more.reason}`)
      done++
    } catch (error) {
      rejectLine(file, error, io)
    }
  }
  return done > 0 ? 0 : 2
}

type Given = Omit<ProjectionOptions, 'angles'> & { angles?: string }

function optionsOf(args: string[]): { files: string[]; given: Given } {
  const { values, positionals } = parse(args, {
    ...{ angles: text, centre: text },
    ...{ 'source-axis': text, 'source-detector': text, bin: text, step: text },
  })
  if (positionals.length === 0) throw new ConcordError('no-file', 'Name a file of projections.')
  const fan = Object.fromEntries(
    (['source-axis', 'source-detector', 'bin', 'step'] as const).flatMap((name) => {
      const value = number(`--${name}`, values[name], 'a positive number')
      if (value === undefined) return []
      if (value <= 0)
        throw new ConcordError('bad-option', `--${name} must be a positive number, not "${values[name]}".`)
      return [
        [{ 'source-axis': 'sourceAxis', 'source-detector': 'sourceDetector', bin: 'bin', step: 'step' }[name], value],
      ]
    }),
  )
  const centre = number('--centre', values.centre, "a column's number")
  return {
    files: positionals,
    given: {
      ...(values.angles === undefined ? {} : { angles: values.angles }),
      ...(centre === undefined ? {} : { centre }),
      ...(Object.keys(fan).length === 0 ? {} : { fan }),
    },
  }
}

function number(option: string, text: string | undefined, what: string): number | undefined {
  if (text === undefined) return undefined
  if (text.trim() === '' || !Number.isFinite(Number(text)))
    throw new ConcordError('bad-option', `${option} must be ${what}, not "${text}".`)
  return Number(text)
}
