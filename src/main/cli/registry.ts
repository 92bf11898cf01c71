import { resolve } from 'node:path'
import type { Caller } from '../services/context.ts'
import { writeOut } from '../files/write-out.ts'
import { dataOptions, flag, parse, text, type OptionValues } from './arguments.ts'
import { about, type CommandIo } from './io.ts'
import { modelNamed, studyNamed } from './named.ts'
import { oneOf, required } from './options.ts'
import { withProgram, type Headless } from './program.ts'
import { reproduce } from './reproduce.ts'

const options = {
  ...dataOptions,
  out: text,
  format: text,
  reason: text,
  table: text,
  name: text,
  rule: text,
  pretrained: text,
  retire: flag,
} as const
type Values = OptionValues<typeof options>

interface Call {
  program: Headless
  caller: Caller
  studyId: string
  values: Values
  /** What stands after the study. */
  rest: string[]
}
interface Verb {
  usage: string
  roles: Caller['roles']
  run(call: Call): Promise<unknown>
}

const named = ({ program, caller, studyId }: Call, wanted: string | undefined) =>
  modelNamed(program, caller, studyId, wanted)

/** What can be done with the trained models of a study; the reply is one JSON object. */
export const registryVerbs: Record<string, Verb> = {
  registered: {
    usage: 'STUDY   (the models of a study)',
    roles: ['trainer', 'lead'],
    run: async ({ program, caller, studyId }) => ({ models: await program.services.models.list(caller, studyId) }),
  },
  evaluate: {
    usage: 'STUDY MODEL [--out FILE.csv --table figures|confusion|calibration]   (on the scans it never learned from)',
    roles: ['trainer', 'lead'],
    run: async (call) => {
      const { program, caller, values } = call
      const { id } = await named(call, call.rest[0])
      if (values.out === undefined) return { evaluation: await program.services.models.evaluation(caller, id) }
      const table = oneOf(values.table, '--table', ['figures', 'confusion', 'calibration'])
      return program.services.exports.evaluation(caller, id, table, async () => resolve(values.out!))
    },
  },
  card: {
    usage: 'STUDY MODEL [--out FILE.json]   (what it learned from, how, and with which program)',
    roles: ['trainer', 'lead'],
    run: async (call) => {
      const { program, caller, values } = call
      const card = await program.services.models.card(caller, (await named(call, call.rest[0])).id)
      if (values.out === undefined) return { card }
      const path = resolve(values.out)
      await writeOut(path, `${JSON.stringify(card, null, 2)}\n`)
      return { path }
    },
  },
  reproduce: {
    usage:
      'STUDY MODEL [--pretrained FILE] [--retire]   (trains it again from its card; whether the weights are the same bit for bit; --retire: puts the second one out of use if so)',
    roles: ['trainer'],
    run: async (call) => reproduce(call.program, call.caller, await named(call, call.rest[0]), call.values),
  },
  export: {
    usage: 'STUDY MODEL --out FILE [--format concord|tensorflow-js]   (TensorFlow.js: a folder)',
    roles: ['trainer', 'lead'],
    run: async (call) => {
      const { program, caller, values } = call
      const { models } = program.services
      const { id } = await named(call, call.rest[0])
      const out = resolve(required(values.out, '--out'))
      const format = oneOf(values.format, '--format', ['concord', 'tensorflow-js'])
      const where = async (): Promise<string> => out
      return format === 'concord' ? models.exportFile(caller, id, where) : models.exportTensorflowJs(caller, id, where)
    },
  },
  import: {
    usage: 'STUDY FILE',
    roles: ['trainer'],
    run: async ({ program, caller, studyId, rest }) => {
      const file = required(rest[0], 'FILE')
      return program.services.models.importFile(caller, { studyId, path: resolve(file) }).catch(about(file))
    },
  },
  retire: {
    usage: 'STUDY MODEL --reason WHY',
    roles: ['trainer', 'lead'],
    run: async (call) =>
      call.program.services.models.retire(call.caller, {
        modelId: (await named(call, call.rest[0])).id,
        reason: required(call.values.reason?.trim(), '--reason'),
      }),
  },
  compare: {
    usage: 'STUDY MODEL MODEL… [--out FILE.csv]',
    roles: ['trainer', 'lead'],
    run: async (call) => {
      const { program, caller, values } = call
      const modelIds: string[] = []
      for (const wanted of call.rest) modelIds.push((await named(call, wanted)).id)
      if (values.out === undefined) return program.services.models.compare(caller, modelIds)
      return program.services.exports.comparison(caller, modelIds, async () => resolve(values.out!))
    },
  },
  combine: {
    usage: 'STUDY MODEL MODEL… --name N [--rule mean|majority]',
    roles: ['trainer'],
    run: async (call) => {
      const modelIds: string[] = []
      for (const wanted of call.rest) modelIds.push((await named(call, wanted)).id)
      const rule = oneOf(call.values.rule, '--rule', ['mean', 'majority'])
      const name = required(call.values.name, '--name')
      return call.program.services.models.combine(call.caller, { studyId: call.studyId, name, modelIds, rule })
    },
  },
}

/** `concord model VERB STUDY …`: exit 0 done, 2 bad input. */
export async function registryCommand(verb: Verb, args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parse(args, options)
  const [study, ...rest] = positionals
  return withProgram(io, values, async (program) => {
    const caller = await program.caller(verb.roles)
    const { id: studyId } = await studyNamed(program, caller, study)
    io.out(JSON.stringify(await verb.run({ program, caller, studyId, values, rest })))
    return 0
  })
}
