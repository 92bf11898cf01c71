import { join } from 'node:path'
import { finishRestore } from '../../src/main/store/backup.ts'
import type { Session } from '../../src/preload/contract/accounts.ts'
import type { Settings } from '../../src/preload/contract/settings.ts'
import { giveVolumes, travel } from '../fixtures/packets.ts'
import { openStudy, password, readAll, startProgram, type Program } from '../fixtures/program.ts'
import { votesSaid } from '../fixtures/votes.ts'

/** What a program said before and after each act: after a kill, only the last one asked for may be there or not. */
export interface Said {
  kind: 'asked' | 'done'
  what: string
  value: string | number
}
export type Say = (kind: Said['kind'], what: string, value: string | number) => void
export type Known = Record<string, string | number>

/** Something that a program does until it is killed, and what must hold when it starts again. */
export interface Deed {
  /** One act, on the folder as it was prepared; otherwise acts without end, each round where the last one was killed. */
  once: boolean
  /** Of acts without end: the longest that a round is left to work, in milliseconds. */
  longest: number
  /** Makes the data in root/data. What it gives, `work` and `look` know; `look` may change it. */
  prepare(root: string): Promise<Known>
  work(program: Program, known: Known, say: Say): Promise<void>
  /** What is not as it should be. */
  look(program: Program, known: Known, said: readonly Said[]): Promise<string[]>
}

const signIn = (program: Program, name: string, secret = password): Promise<Session> =>
  program.get<Session>(name, 'accounts.signIn', { name, password: secret })
const gradeOf = (pseudonym: string): number => 1 + (Number(pseudonym.replace(/\D/g, '')) % 5)

/** Votes as fast as they are taken, on a file or on a department's server (CONCORD_TEST_SERVER). */
const voting: Deed = {
  once: false,
  longest: 300,
  async prepare(root) {
    const program = await startProgram(join(root, 'data'))
    const { studyId } = await openStudy(program, 800)
    await program.close()
    return { studyId, before: 0 }
  },
  async work(program, { studyId }, say) {
    interface Desk {
      current: { assignmentId: string } | null
    }
    await signIn(program, 'r1')
    let desk = await program.get<Desk>('r1', 'reading.desk', { studyId })
    for (let n = 0; desk.current; n++) {
      const { assignmentId } = desk.current
      const grade = 1 + (n % 5)
      say('asked', assignmentId, grade)
      desk = await program.get<Desk>('r1', 'reading.cast', {
        ...{ assignmentId, grade, reason: null, shownAt: new Date().toISOString(), worstSlice: null, note: null },
      })
      say('done', assignmentId, grade)
    }
  },
  async look(program, known, said) {
    const votes = await votesSaid(program)
    const asked = new Map(said.filter(({ kind }) => kind === 'asked').map(({ what, value }) => [what, value]))
    const done = said.filter(({ kind }) => kind === 'done')
    const problems: string[] = []
    for (const { what, value } of done) {
      const found = votes.filter((vote) => vote.assignment_id === what)
      if (found.length !== 1 || found[0]!.grade !== value)
        problems.push(`vote ${what}: ${JSON.stringify(found.map(({ grade }) => grade))}, acknowledged ${value}`)
    }
    const own = votes.slice(Number(known['before']))
    if (own.length > done.length + 1) problems.push(`${own.length} votes, ${done.length} acknowledged`)
    for (const vote of own)
      if (asked.get(vote.assignment_id) !== vote.grade) problems.push(`nobody asked for the vote ${vote.id}`)
    known['before'] = votes.length
    return problems
  },
}

/** A reader chooses passwords, each of which wraps the keys of the own votes anew; an administrator changes a setting. */
const keys: Deed = {
  once: false,
  longest: 1500,
  async prepare(root) {
    const program = await startProgram(join(root, 'data'))
    const { studyId } = await openStudy(program, 6)
    await readAll(program, 'r1', studyId, gradeOf)
    await program.close()
    return { studyId, password, setting: '' }
  },
  async work(program, known, say) {
    await signIn(program, 'admin')
    await signIn(program, 'r1', String(known['password']))
    let current = String(known['password'])
    for (let n = 0; ; n++) {
      const next = `${password} ${Date.now()}-${n}`
      say('asked', 'password', next)
      await program.get('r1', 'accounts.changePassword', { current, next })
      say('done', 'password', next)
      current = next
      const updatesFrom = `/srv/${Date.now()}-${n}`
      const settings = await program.get<Settings>('admin', 'settings.get')
      say('asked', 'setting', updatesFrom)
      await program.get('admin', 'settings.set', { ...settings, updatesFrom })
      say('done', 'setting', updatesFrom)
    }
  },
  async look(program, known, said) {
    const problems: string[] = []
    // What was acknowledged last holds, or what was asked for after it.
    const may = (what: string): string[] => {
      const all = said.filter((one) => one.what === what)
      const done = all.findLast(({ kind }) => kind === 'done')?.value ?? known[what]!
      return [...new Set([String(all.at(-1)?.value ?? done), String(done)])]
    }
    let found: string | null = null
    for (const one of may('password')) {
      const outcome = await program.ask('r1', 'accounts.signIn', { name: 'r1', password: one })
      if (outcome.ok) found ??= one
    }
    if (found === null) problems.push('neither the last password nor the one before it is taken')
    else {
      known['password'] = found
      await signIn(program, 'r1', found)
      const votes = await votesSaid(program)
      if (votes.length !== 6) problems.push(`${votes.length} of 6 votes can be opened`)
    }
    await signIn(program, 'admin')
    const { updatesFrom } = await program.get<Settings>('admin', 'settings.get')
    if (!may('setting').includes(updatesFrom ?? '')) problems.push(`the setting is ${updatesFrom}`)
    known['setting'] = updatesFrom ?? ''
    return problems
  },
}

/** A packet of votes is merged. */
const merging: Deed = {
  once: true,
  longest: Infinity,
  async prepare(root) {
    const home = await startProgram(join(root, 'data'))
    const away = await startProgram(join(root, 'away'))
    const { studyId, lead, readers } = await openStudy(home, 60)
    await giveVolumes(home)
    const ways = travel({ home, away, stick: root, lead, reader: readers[0]!, studyId })
    await ways.make()
    await ways.open()
    await readAll(away, 'r1', studyId, gradeOf)
    await ways.take()
    await home.close()
    await away.close()
    return { path: ways.file('back.concord-votes'), votes: 60 }
  },
  async work(program, { path }, say) {
    const lead = await signIn(program, 'lead')
    say('asked', 'merge', 1)
    await program.services.packets.merge(lead, { path: String(path) })
    say('done', 'merge', 1)
  },
  async look(program, { path, votes }, said) {
    const problems: string[] = []
    const there = (await votesSaid(program)).length
    const allowed = said.some(({ kind }) => kind === 'done') ? [votes] : [0, votes]
    if (!allowed.includes(there)) problems.push(`${there} votes of the packet's ${votes}`)
    // Merged once more, as one would: now all are there, each once.
    await program.services.packets
      .merge(await signIn(program, 'lead'), { path: String(path) })
      .catch((error: unknown) => {
        if (there === 0) problems.push(`it cannot be merged again: ${String(error)}`)
      })
    const all = await votesSaid(program)
    if (all.length !== votes || new Set(all.map((vote) => vote.assignment_id)).size !== votes)
      problems.push(`${all.length} votes after merging again`)
    return problems
  },
}

/** A backup takes the database's place. */
const restoring: Deed = {
  once: true,
  longest: Infinity,
  async prepare(root) {
    const program = await startProgram(join(root, 'data'))
    const { studyId } = await openStudy(program, 20)
    await readAll(program, 'r1', studyId, gradeOf)
    const { name } = await program.get<{ name: string }>('lead', 'backups.make')
    await readAll(program, 'r2', studyId, gradeOf)
    await program.close()
    return { name, older: 20, newer: 40 }
  },
  async work(program, { name }, say) {
    await signIn(program, 'admin')
    say('asked', 'restore', 1)
    await program.get('admin', 'backups.restore', { name })
    say('done', 'restore', 1)
  },
  async look(program, { older, newer }, said) {
    const there = (await votesSaid(program)).length
    const allowed = said.some(({ kind }) => kind === 'done') ? [older] : [older, newer]
    return allowed.includes(there) ? [] : [`${there} votes: neither the backup's nor those before`]
  },
}

export const deeds = { voting, keys, merging, restoring }
export type DeedName = keyof typeof deeds

/** Opens the program as its start does, after whatever happened to it. */
export async function startAgain(data: string): Promise<Program> {
  finishRestore(join(data, 'concord.db'))
  return startProgram(data)
}
