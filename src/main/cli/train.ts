import { parseArgs } from 'node:util'
import { ConcordError } from '../domain/error.ts'
import { finished, requireRole, studyNamed, withProgram } from './program.ts'
import { recipeFrom, recipeOptions } from './recipe.ts'
import type { CommandIo } from './votes.ts'

/** `concord train STUDY --labels NAME …`: trains to the end and prints the run with its figures. */
export async function trainCommand(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      data: { type: 'string' },
      as: { type: 'string' },
      labels: { type: 'string' },
      resume: { type: 'string' },
      ...recipeOptions,
    },
  })
  return withProgram(io, values.data, async (program) => {
    const caller = await program.caller(values.as)
    requireRole(caller, 'trainer')
    const { training, labels } = program.services
    const study = await studyNamed(program, caller, positionals[0])
    let runId = values.resume
    if (runId !== undefined) await training.resume(caller, runId)
    else {
      const set = (await labels.list(caller, study.id)).find((s) => s.name === values.labels || s.id === values.labels)
      if (!set) throw new ConcordError('label-set-unknown', 'Name a label set of this study with --labels.')
      const recipe = recipeFrom(values)
      runId = (await training.start(caller, { labelSetId: set.id, recipe })).id
    }
    await training.finished(runId)
    const run = await training.run(caller, runId)
    if (run.error) throw new ConcordError(run.error.code, run.error.message)
    io.out(JSON.stringify(run))
    return 0
  })
}

/** `concord infer STUDY --model ID [--scope unread|all]`: one JSON line a scan, most unsure first. */
export async function inferCommand(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      data: { type: 'string' },
      as: { type: 'string' },
      model: { type: 'string' },
      scope: { type: 'string' },
    },
  })
  return withProgram(io, values.data, async (program) => {
    const caller = await program.caller(values.as)
    requireRole(caller, 'trainer')
    const { models } = program.services
    const study = await studyNamed(program, caller, positionals[0])
    const model = (await models.list(caller, study.id)).find((m) => m.id === values.model || m.name === values.model)
    if (!model) throw new ConcordError('model-unknown', 'Name a model of this study with --model.')
    const scope = values.scope ?? 'unread'
    if (scope !== 'unread' && scope !== 'all') throw new ConcordError('bad-option', '--scope is unread or all.')
    const { jobId, ended } = await models.predict(caller, { modelId: model.id, scope })
    await finished(program, caller, jobId, ended)
    for (const prediction of await models.predictions(caller, model.id)) io.out(JSON.stringify(prediction))
    return 0
  })
}
