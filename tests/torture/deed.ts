import { join } from 'node:path'
import { finishRestore } from '../../src/main/store/backup.ts'
import type { Session } from '../../src/preload/contract/accounts.ts'
import { password, startProgram, type Program } from '../fixtures/program.ts'

/** What a program said before and after each act: after a kill, only the last one asked for may be there or not. */
export interface Said {
  /** `step`: one is done; `killed`: at this step; `ended`: no act is left. `value`: the number of steps. */
  kind: 'asked' | 'done' | 'step' | 'killed' | 'ended'
  what: string
  value: string | number
}
export type Say = (kind: 'asked' | 'done', what: string, value: string | number) => void
export type Known = Record<string, string | number>

/** Something that a program does until it is killed, and what must hold when it starts again. */
export interface Deed {
  /** One job on the folder as it was prepared; otherwise acts without end, each round where the last one was killed. */
  once: boolean
  /** How many acts kills are spread over; Infinity: all that there are. */
  acts: number
  /** The act is the program's start itself. */
  starting?: boolean
  /** Makes the data in root/data. What it gives, `work` and `look` know; `look` may change it. `after`: what is done at the end. */
  prepare(root: string, after: (end: () => Promise<void>) => void): Promise<Known>
  /** Before each round. */
  before?(known: Known): Promise<void>
  /** As the program's start does; `startAgain` unless it is said. */
  start?(data: string, known: Known): Promise<Program>
  work(program: Program, known: Known, say: Say): Promise<void>
  /** What is not as it should be. */
  look(program: Program, known: Known, said: readonly Said[]): Promise<string[]>
  /** The largest file that the program may write in a round, in KiB: beyond it writing fails, as on a full disk. */
  largest?(data: string, share: number): number
  /** What befalls the files after the kill. */
  harm?(data: string, share: number): void
}

/** Opens the program as its start does, after whatever happened to it. */
export async function startAgain(data: string): Promise<Program> {
  finishRestore(join(data, 'concord.db'))
  return startProgram(data)
}

export const signIn = (program: Program, name: string, secret = password): Promise<Session> =>
  program.get<Session>(name, 'accounts.signIn', { name, password: secret })
export const gradeOf = (pseudonym: string): number => 1 + (Number(pseudonym.replace(/\D/g, '')) % 5)
export const isDone = (said: readonly Said[], act: string): boolean =>
  said.some(({ kind, what }) => kind === 'done' && what === act)

/** What was acknowledged last holds, or what was asked for after it; the newest first. */
export function mayBe(said: readonly Said[], what: string, before: string): string[] {
  const all = said.filter((one) => one.what === what)
  const done = all.findLast(({ kind }) => kind === 'done')?.value ?? before
  return [...new Set([String(all.at(-1)?.value ?? done), String(done)])]
}
