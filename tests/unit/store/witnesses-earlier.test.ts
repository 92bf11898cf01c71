import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { digestOf, linkDigest } from '../../../src/main/store/audit.ts'
import type { Row } from '../../../src/main/store/schema.ts'
import { verifyChain } from '../../../src/main/store/verify.ts'
import { earlier } from '../../../src/main/store/witness/digests.ts'
import { openStudy, password, readAll, startProgram, type Program } from '../../fixtures/program.ts'

const root = mkdtempSync(join(tmpdir(), 'concord-earlier-'))
const made = join(root, 'made')
let folder: string
let studyId: string
beforeAll(async () => {
  const program = await startProgram(made)
  const study = await openStudy(program, 4)
  studyId = study.studyId
  for (const reader of ['r1', 'r2', 'r3']) await readAll(program, reader, studyId, (p) => 1 + (Number(p.at(-1)) % 5))
  await program.get('r1', 'accounts.changePassword', { current: password, next: 'another horse battery' })
  await program.get('lead', 'analysis.seal', { studyId, incomplete: false })
  await program.get('lead', 'labels.freeze', { studyId, name: 'Frozen', rule: 'median' })
  await program.close()
})
beforeEach(() => {
  folder = mkdtempSync(join(root, 'copy-'))
  cpSync(made, folder, { recursive: true })
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** The file as an earlier version left it: fewer entries, of fewer columns. */
function asBefore(change: (file: Sqlite.Database) => void = () => undefined): void {
  const file = new Sqlite(join(folder, 'concord.db'))
  file.pragma('foreign_keys = OFF')
  for (const act of ['update', 'delete']) file.exec(`drop trigger audit_no_${act}`)
  /** Of whatever table: the caller says which row it is. */
  const one = (table: string, key: string, value: string): never =>
    file.prepare(`select * from ${table} where ${key} = ?`).get(value) as never
  const said: Record<string, (link: Row<'audit'>) => string> = {
    'account.created': ({ subject }) => earlier.account(one('account', 'id', subject)),
    'account.password-changed': ({ subject }) => digestOf(subject),
    'study.created': ({ subject }) => {
      const row: Row<'study'> = one('study', 'id', subject)
      return digestOf(row.id, row.title, row.scale, row.readers_per_scan, row.order_seed, row.readers_see_afterwards, 1)
    },
    'study.readers-set': ({ subject }) => digestOf(subject, ['somebody']),
    'study.opened': ({ subject }) => digestOf(subject, ['somebody'], 4),
    'study.sealed': ({ subject }) => digestOf(subject, 0),
    'scan.imported': ({ subject }) => earlier.scan(one('scan', 'id', subject))[0]!,
    'labels.frozen': ({ subject }) => {
      const set: Row<'label_set'> = one('label_set', 'id', subject)
      const labels = file
        .prepare(
          `select l.scan_id, l.grade, l.distribution, l.origin from label l join scan s on s.id = l.scan_id
           where l.label_set_id = ? order by s.pseudonym`,
        )
        .all(subject)
      return digestOf(set.id, set.rule, set.digest, labels)
    },
    'study.key-opened': ({ subject }) =>
      earlier.keyOpened(
        file
          .prepare('select o.* from study_key_opened o join study_key k on k.id = o.study_key_id where k.study_id = ?')
          .get(subject) as Row<'study_key_opened'>,
      ),
  }
  change(file)
  const links = file.prepare('select * from audit order by sequence').all() as Row<'audit'>[]
  file.exec('delete from audit')
  let previous = '0'.repeat(64)
  const kept = links.filter(({ act }) => !['study.designed', 'study.queues-made'].includes(act))
  for (const [index, link] of kept.entries()) {
    const row_digest = said[link.act]?.(link) ?? link.row_digest
    const then = { ...link, sequence: index + 1, row_digest, previous }
    previous = linkDigest(then)
    file
      .prepare(
        'insert into audit values (@sequence, @at, @account_id, @act, @subject, @row_digest, @previous, @digest)',
      )
      .run({ ...then, digest: previous })
  }
  expect(kept.some(({ row_digest, act }) => row_digest.startsWith('2:') && !said[act])).toBe(false)
  file.close()
  rmSync(join(folder, 'concord.anchors'), { force: true })
}

async function opened<T>(look: (program: Program) => Promise<T>): Promise<T> {
  const program = await startProgram(folder)
  try {
    return await look(program)
  } finally {
    await program.close()
  }
}

it('holds what an earlier version attested, and what this one adds to it', async () => {
  asBefore()
  await opened(async (program) => {
    expect((await verifyChain(program.db)).broken).toBeNull()
    await program.get('lead', 'accounts.signIn', { name: 'lead', password })
    await program.get('lead', 'analysis.unblind', { studyId })
    await program.get('lead', 'studies.setReadersSeeAfterwards', { studyId, allowed: true })
    expect((await verifyChain(program.db)).broken).toBeNull()
    // From the study's first change on all of its reading is held.
    await program.db.updateTable('study').set({ readers_see_afterwards: 0 }).execute()
    expect((await verifyChain(program.db)).broken?.why).toBe('the reading of a study was altered')
  })
})

it.each([
  ['a study’s title', "update study set title = 'Other'", 'the study was altered'],
  ['a scan’s pictures', "update scan set content_sha256 = 'other' where rowid = 1", 'the scan was altered'],
  ['a person’s rights', `update account set roles = '["lead"]' where name = 'r2'`, 'the account was altered'],
])('finds %s changed in what an earlier version attested', async (_what, statement, why) => {
  asBefore()
  const file = new Sqlite(join(folder, 'concord.db'))
  file.exec(statement)
  file.close()
  expect(await opened(async (program) => (await verifyChain(program.db)).broken?.why)).toBe(why)
})
