import type { ParseArgsConfig, parseArgs } from 'node:util'
import type { Caller } from '../../services/context.ts'
import type { CommandIo } from '../io.ts'
import type { Headless } from '../program.ts'

/** The options of `concord study`, whatever the verb. */
export const options = {
  data: { type: 'string' },
  as: { type: 'string' },
  title: { type: 'string' },
  template: { type: 'string' },
  'readers-per-scan': { type: 'string' },
  purpose: { type: 'string' },
  site: { type: 'string' },
  side: { type: 'string' },
  unnamed: { type: 'string' },
  reason: { type: 'string' },
  stacks: { type: 'string' },
  sure: { type: 'string' },
  worst: { type: 'string' },
  set: { type: 'string' },
  incomplete: { type: 'boolean' },
  named: { type: 'boolean' },
  'readers-see': { type: 'boolean' },
  language: { type: 'string' },
  rule: { type: 'string' },
  name: { type: 'string' },
  out: { type: 'string' },
  head: { type: 'string' },
  labels: { type: 'string' },
  model: { type: 'string' },
  unencrypted: { type: 'boolean' },
  'recovery-key': { type: 'string' },
  'password-file': { type: 'string' },
  pairs: { type: 'string' },
  seed: { type: 'string' },
  reader: { type: 'string' },
  signer: { type: 'string' },
  help: { type: 'boolean' },
} as const satisfies ParseArgsConfig['options']
export type Values = ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>['values']

export interface Call {
  program: Headless
  caller: Caller
  values: Values
  /** What stands after the verb. */
  rest: string[]
  io: CommandIo
  /** The study that is named first after the verb. Throws `study-unknown`. */
  studyId(): Promise<string>
}

/** One step of the window's work; the reply is printed as one JSON object. */
export interface Verb {
  usage: string
  roles: Caller['roles']
  run(call: Call): Promise<unknown>
}
