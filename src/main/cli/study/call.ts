import type { Caller } from '../../services/context.ts'
import { dataOptions, flag, text, type OptionValues } from '../arguments.ts'
import type { CommandIo } from '../io.ts'
import type { Headless } from '../program.ts'

/** The options of `concord study`, whatever the verb. */
export const options = {
  ...dataOptions,
  title: text,
  template: text,
  'readers-per-scan': text,
  purpose: text,
  site: text,
  side: text,
  unnamed: text,
  reason: text,
  stacks: text,
  sure: text,
  worst: text,
  set: text,
  incomplete: flag,
  named: flag,
  'readers-see': flag,
  language: text,
  rule: text,
  name: text,
  out: text,
  head: text,
  labels: text,
  model: text,
  unencrypted: flag,
  'recovery-key': text,
  pairs: text,
  seed: text,
  reader: text,
  signer: text,
} as const
export type Values = OptionValues<typeof options>

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
