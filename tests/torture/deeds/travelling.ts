import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Desk } from '../../../src/preload/contract/reading.ts'
import { giveVolumes, signIn } from '../../fixtures/packets.ts'
import { openStudy, password, readAll, startProgram, type Program } from '../../fixtures/program.ts'
import { votesSaid } from '../../fixtures/votes.ts'
import { rowOfActs, type Act } from '../acts.ts'
import { gradeOf, type Deed, type Known } from '../deed.ts'

const scans = 6

/** At a workstation away: a packet with a reader's queue is opened, the queue is read, the votes go into a file. */
const acts: Act[] = [
  {
    name: 'open',
    do: ({ services }, { stick }) => services.packets.open(null, { path: join(String(stick), 'out.concord-study') }),
    async there({ db, services }) {
      const rows = await db.selectFrom('scan').select('content_sha256').execute()
      // The study never stands there without its pictures.
      if (rows.some((row) => !existsSync(services.scans.volumePath(row.content_sha256))))
        throw new Error('a scan is there without its pictures')
      return rows.length === scans
    },
  },
  {
    name: 'read',
    async do(program, { studyId }) {
      await signIn(program, 'r1')
      await readAll(program, 'r1', String(studyId), gradeOf)
    },
    async there(program, { studyId }) {
      const come = await program.ask('r1', 'accounts.signIn', { name: 'r1', password })
      const desk = come.ok ? await program.ask('r1', 'reading.desk', { studyId }) : come
      return desk.ok && (desk.value as Desk).done === scans
    },
  },
  {
    name: 'take',
    async do(program, known) {
      await signIn(program, 'r1')
      const { services } = program
      const r1 = await services.accounts.signIn({ name: 'r1', password })
      await services.packets.votes(r1, { studyId: String(known['studyId']), path: back(known) })
    },
    there: (_program, known) => Promise.resolve(existsSync(back(known))),
  },
]
const row = rowOfActs([], acts)
const back = ({ stick }: Known): string => join(String(stick), 'back.concord-votes')

export const travelling: Deed = {
  ...row,
  async prepare(root) {
    const home = await startProgram(join(root, 'home'))
    const { studyId, lead, readers } = await openStudy(home, scans)
    await giveVolumes(home)
    const stick = join(root, 'stick')
    mkdirSync(stick)
    const path = join(stick, 'out.concord-study')
    await home.services.packets.make(lead, { studyId, readerId: readers[0]!.accountId, path })
    await home.close()
    const away = await startProgram(join(root, 'data'))
    await away.close()
    return { studyId, stick, home: join(root, 'home') }
  },
  async before(known) {
    rmSync(back(known), { force: true })
  },
  async look(program, known, said) {
    const left = (): string[] => [
      ...readdirSync(program.folders.volumes).filter((name) => !/^[0-9a-f]{64}\.vol$/.test(name)),
      ...readdirSync(String(known['stick'])).filter((name) => !/^(out|back)\.concord-(study|votes)$/.test(name)),
    ]
    const problems = left().map((name) => `left behind: ${name}`)
    problems.push(...(await row.look(program, known, said)))
    problems.push(...left().map((name) => `left behind after the rest was done: ${name}`))
    problems.push(...(await comesHome(known)))
    return problems
  },
}

/** What was taken along is merged at home: every vote, once, with its grade. */
async function comesHome(known: Known): Promise<string[]> {
  const data = `${String(known['home'])}-now`
  rmSync(data, { recursive: true, force: true })
  cpSync(String(known['home']), data, { recursive: true })
  const home: Program = await startProgram(data)
  try {
    const lead = await home.services.accounts.signIn({ name: 'lead', password })
    await home.services.packets.merge(lead, { path: back(known) })
    const votes = await votesSaid(home)
    return votes.length === scans ? [] : [`${votes.length} of ${scans} votes came home`]
  } finally {
    await home.close()
  }
}
