import { ConcordError } from '../domain/error.ts'
import type { Caller } from '../services/context.ts'
import { writeOut } from '../files/write-out.ts'
import { dataOptions, parse, text } from './arguments.ts'
import { labelSetNamed, modelNamed, studyNamed } from './named.ts'
import { oneOf } from './options.ts'
import { finished, withProgram, type Headless } from './program.ts'
import { recipeFrom, recipeOptions, recipeUsage } from './recipe.ts'
import { planFrom, seriesCsv, seriesOptions, seriesUsage } from './series.ts'
import type { CommandIo } from './io.ts'

const signedIn =
  'Each with --as NAME [--data DIR]; the password is in CONCORD_PASSWORD or in the first line of --password-file FILE.'

export const trainUsage = [
  `train STUDY --labels NAME ${recipeUsage} ${seriesUsage}`,
  'train STUDY --resume RUN',
  'train STUDY --resume-series SERIES [--csv FILE]',
  signedIn,
].join('\n')
export const inferUsage = ['infer STUDY --model NAME [--scope unread|all] [--rule mean|majority]', signedIn].join('\n')

/**
 * `concord train STUDY --labels NAME …`: trains to the end and prints the run with its figures. With `--folds`, `--ablation`,
 * `--networks`, `--sites` or `--tune` several runs, and one row of figures for each recipe.
 */
export async function trainCommand(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parse(args, {
    ...dataOptions,
    labels: text,
    resume: text,
    'resume-series': text,
    ...recipeOptions,
    ...seriesOptions,
  })
  return withProgram(io, values, async (program) => {
    const caller = await program.caller(['trainer'])
    const { training, series } = program.services
    const study = await studyNamed(program, caller, positionals[0])
    if (values['resume-series'] !== undefined) {
      await series.resume(caller, values['resume-series'])
      return seriesToEnd(program, caller, values['resume-series'], values.csv, io)
    }
    let runId = values.resume
    if (runId !== undefined) await training.resume(caller, runId)
    else {
      const set = await labelSetNamed(program, caller, study.id, values.labels)
      const recipe = recipeFrom(values)
      const { warnings } = await training.check(caller, { labelSetId: set.id, recipe })
      for (const { code, message } of warnings) io.err(`${code}: ${message}`)
      const plan = planFrom(values, recipe)
      if (plan) {
        const { id } = await series.start(caller, { labelSetId: set.id, plan })
        return seriesToEnd(program, caller, id, values.csv, io)
      }
      runId = (await training.start(caller, { labelSetId: set.id, recipe })).id
    }
    await training.finished(runId)
    const run = await training.run(caller, runId)
    if (run.error) throw new ConcordError(run.error.code, run.error.message)
    io.out(JSON.stringify(run))
    return 0
  })
}

/** Prints the series with the figures of each variant, one JSON object; `csv`: also as a table in this file. */
async function seriesToEnd(
  { services: { series } }: Headless,
  caller: Caller,
  seriesId: string,
  csv: string | undefined,
  io: CommandIo,
): Promise<number> {
  await series.finished()
  const ended = await series.get(caller, seriesId)
  if (ended.error) throw new ConcordError(ended.error.code, ended.error.message)
  if (csv !== undefined) await writeOut(csv, seriesCsv(ended))
  io.out(JSON.stringify(ended))
  return 0
}

/** `concord infer STUDY --model ID [--scope unread|all] [--rule mean|majority]`: one JSON line a scan, most unsure first. */
export async function inferCommand(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parse(args, {
    ...dataOptions,
    model: text,
    scope: text,
    rule: text,
  })
  return withProgram(io, values, async (program) => {
    const caller = await program.caller(['trainer'])
    const { models } = program.services
    const study = await studyNamed(program, caller, positionals[0])
    const model = await modelNamed(program, caller, study.id, values.model)
    const scope = oneOf(values.scope, '--scope', ['unread', 'all'])
    const rule = oneOf(values.rule, '--rule', ['mean', 'majority'])
    const { jobId, ended } = await models.predict(caller, { modelId: model.id, scope, rule })
    // Where some scans could not be graded, the others were: they are printed, and the command ends with what was wrong.
    const failed = await finished(program, caller, jobId, ended).then(
      () => null,
      (error: unknown) => {
        if (error instanceof ConcordError && error.code === 'scans-not-graded') return error
        throw error
      },
    )
    for (const prediction of await models.predictions(caller, model.id)) io.out(JSON.stringify(prediction))
    if (failed !== null) throw failed
    return 0
  })
}
