import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAnchors, parseHead, readAnchors } from '../../../src/main/store/anchors.ts'
import { digestOf, headOf, headText, linkDigest, type Head } from '../../../src/main/store/audit.ts'
import { openDatabase } from '../../../src/main/store/database.ts'
import type { Row } from '../../../src/main/store/schema.ts'
import { verifyChain, type ChainCheck } from '../../../src/main/store/verify.ts'
import { disputedOf } from '../../fixtures/disputed.ts'
import { openStudy, readAll, startProgram } from '../../fixtures/program.ts'

let folder: string
let original: string
let anchors: Head[]

/** A study that was read, sealed, settled and frozen; its database is tampered with as a copy. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'concord-audit-'))
  const program = await startProgram(folder)
  const { studyId } = await openStudy(program, 6, { encrypted: false })
  for (const [index, reader] of ['r1', 'r2', 'r3'].entries())
    await readAll(program, reader, studyId, (pseudonym) => 1 + ((Number(pseudonym.at(-1)) + index) % 5))
  await program.get('lead', 'analysis.seal', { studyId, incomplete: false })
  const [first] = await disputedOf(program, studyId)
  await program.get('lead', 'analysis.adjudicate', { studyId, scanId: first!.scanId, grade: 4, reason: 'Streaks.' })
  await program.get('lead', 'labels.freeze', { studyId, name: 'Frozen', rule: 'rounded-mean' })
  await program.close()
  original = join(folder, 'concord.db')
  anchors = readAnchors(join(folder, 'concord.anchors'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Lets another program at a copy of the file, without triggers and foreign keys, and verifies what it left. */
async function after(change: (db: Sqlite.Database) => void, noted = anchors): Promise<ChainCheck> {
  const copy = join(folder, `copy-${Math.random()}.db`)
  copyFileSync(original, copy)
  const other = new Sqlite(copy)
  other.pragma('foreign_keys = OFF')
  const triggers = other.prepare("select name from sqlite_schema where type = 'trigger'").pluck().all() as string[]
  for (const name of triggers) other.exec(`drop trigger "${name}"`)
  change(other)
  other.close()
  const db = await openDatabase(copy)
  const check = await verifyChain(db, noted)
  await db.destroy()
  return check
}

const why = async (change: (db: Sqlite.Database) => void, noted?: Head[]): Promise<string | undefined> =>
  (await after(change, noted)).broken?.why

const sequenceOf = (db: Sqlite.Database, act: string): number =>
  db.prepare('select sequence from audit where act = ? order by sequence limit 1').pluck().get(act) as number

/** What somebody does who knows how the chain is made: alters it and computes every digest after it anew. */
function recompute(db: Sqlite.Database): void {
  let previous = '0'.repeat(64)
  for (const link of db.prepare('select * from audit order by sequence').all() as Row<'audit'>[]) {
    const digest = linkDigest({ ...link, previous })
    db.prepare('update audit set previous = ?, digest = ? where sequence = ?').run(previous, digest, link.sequence)
    previous = digest
  }
}

describe('the audit trail, after another program was at the file', () => {
  it('holds when nothing was changed', async () => {
    const check = await after(() => undefined)
    expect(check).toMatchObject({ broken: null, votes: 18 })
    expect(check.entries).toBeGreaterThan(25)
    expect(check.anchors).toBeGreaterThan(0)
    expect(anchors.at(-1)).toEqual(check.head)
  })

  it.each([
    ['a vote altered', 'update vote set grade = 5 - grade where grade <> 3', 'the vote was altered'],
    ['a time altered', "update vote set cast_at = '2020-01-01T00:00:00.000Z'", 'the vote was altered'],
    ['a vote removed', 'delete from vote where id = (select min(id) from vote)', 'the vote was removed'],
    [
      'a vote inserted',
      "insert into vote select 'x' || id as id, assignment_id, 99 as revision, kind, grade, reason, note, worst_slice, shown_at, cast_at, salt from vote limit 1",
      'a vote without an entry',
    ],
    ['a label altered', 'update label set grade = 1 + grade % 5', 'the label set was altered'],
    [
      'a label removed',
      'delete from label where scan_id = (select min(scan_id) from label)',
      'the label set was altered',
    ],
    ['a label set removed', 'delete from label; delete from label_set', 'the label set was removed'],
    ['an adjudication altered', 'update adjudication set grade = 1', 'the adjudication was altered'],
    ['an adjudication removed', 'delete from adjudication', 'the adjudication was removed'],
    ['a role taken', `update account set roles = '["lead"]' where name = 'r1'`, 'the account was altered'],
    [
      'an account inserted',
      "insert into account select 'x' || id, 'x' || name, display_name, roles, password_hash, state, failed_attempts, locked_until, created_at from account limit 1",
      'an account without an entry',
    ],
    [
      'an entry altered',
      "update audit set at = '2020-01-01T00:00:00.000Z' where sequence = 7",
      'the entry was altered',
    ],
    ['who did it altered', "update audit set account_id = null where act = 'study.sealed'", 'the entry was altered'],
    ['an entry removed', 'delete from audit where sequence = 7', 'entry 7 is missing'],
    ['all entries removed', 'delete from audit', 'entries were removed'],
  ])('finds %s', async (_what, change, expected) => {
    expect(await why((db) => db.exec(insertable(db, change)))).toContain(expected)
  })

  it('names the first of several votes that were removed, in the order of the trail', async () => {
    let first = 0
    const { broken } = await after((db) => {
      const some = db.prepare("select subject, sequence from audit where act = 'vote.cast' order by subject").all() as {
        subject: string
        sequence: number
      }[]
      const removed = some.filter((_, at) => at % 3 === 1)
      first = Math.min(...removed.map(({ sequence }) => sequence))
      for (const { subject } of removed.reverse()) db.prepare('delete from vote where id = ?').run(subject)
    })
    expect(broken).toMatchObject({ sequence: first, why: 'the vote was removed' })
  })

  it('finds an entry removed and the others moved up', async () => {
    const said = await why((db) => {
      db.exec('delete from audit where sequence = 7')
      for (const n of db.prepare('select sequence from audit where sequence > 7 order by sequence').pluck().all())
        db.prepare('update audit set sequence = ? where sequence = ?').run((n as number) - 1, n)
    })
    expect(said).toBe('the entry before it was altered or removed')
  })

  it('finds an entry inserted, with a digest of its own that fits', async () => {
    const check = await after((db) => {
      const last = db.prepare('select * from audit order by sequence desc limit 1').get() as Row<'audit'>
      const forged = {
        ...last,
        sequence: last.sequence + 1,
        act: 'vote.cast',
        subject: 'nobody',
        previous: last.digest,
      }
      db.prepare('insert into audit values (?, ?, ?, ?, ?, ?, ?, ?)').run(
        ...[forged.sequence, forged.at, forged.account_id, forged.act, forged.subject, forged.row_digest],
        ...[forged.previous, linkDigest(forged)],
      )
    })
    expect(check.broken).toMatchObject({ subject: 'nobody', why: 'the vote was removed' })
  })

  it('finds two entries exchanged, and two votes', async () => {
    const said = await why((db) => {
      const [a, b] = [sequenceOf(db, 'study.opened'), sequenceOf(db, 'study.sealed')]
      for (const [from, to] of [
        [a, -1],
        [b, a],
        [-1, b],
      ])
        db.prepare('update audit set sequence = ? where sequence = ?').run(to, from)
    })
    expect(said).toBe('the entry before it was altered or removed')
    const votes = await why((db) => {
      const [a, b] = db.prepare('select id, grade from vote order by grade').all() as { id: string; grade: number }[]
      const last = db.prepare('select id, grade from vote order by grade desc').get() as { id: string; grade: number }
      expect(a!.grade).not.toBe(last.grade)
      expect(b).toBeDefined()
      db.prepare('update vote set grade = ? where id = ?').run(last.grade, a!.id)
      db.prepare('update vote set grade = ? where id = ?').run(a!.grade, last.id)
    })
    expect(votes).toBe('the vote was altered')
  })

  it('finds the last entries removed with all they attest, by the head that was noted outside', async () => {
    const cut = (db: Sqlite.Database): void => {
      const frozen = sequenceOf(db, 'labels.frozen')
      db.prepare('delete from audit where sequence >= ?').run(frozen)
      db.exec('delete from label; delete from label_set')
    }
    expect(await why(cut, [])).toBeUndefined()
    expect(await why(cut)).toMatch(/^the last (entry was|\d+ entries were) removed: entry \d+ was noted outside/)
    // The same by a line on paper alone.
    const printed = parseHead(headText(anchors.at(-1)!))!
    expect(await why(cut, [printed])).toMatch(/^the last (entry was|\d+ entries were) removed/)
  })

  it('finds a chain that was computed anew to fit altered votes, by the head that was noted outside', async () => {
    const forge = (db: Sqlite.Database): void => {
      const vote = db.prepare('select * from vote where grade = 5 limit 1').get() as Row<'vote'>
      db.prepare('update vote set grade = 1 where id = ?').run(vote.id)
      const digest = digestOf(
        ...[vote.salt, vote.id, vote.assignment_id, vote.revision, vote.kind, 1, vote.reason, vote.note],
        ...[vote.worst_slice, vote.shown_at, vote.cast_at],
      )
      db.prepare('update audit set row_digest = ? where subject = ?').run(digest, vote.id)
      recompute(db)
    }
    expect(await why(forge, [])).toBeUndefined()
    expect(await why(forge)).toBe('the entry differs from the one that was noted outside of the database')
  })
})

/** The columns of a copied row as they are now, in whatever version of the table. */
function insertable(db: Sqlite.Database, change: string): string {
  const found = /^insert into (vote|account) select/.exec(change)
  if (!found) return change
  const table = found[1]!
  const columns = (db.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) =>
    name === 'id' || name === 'name' ? `'x' || ${name}` : name === 'revision' ? '99' : name,
  )
  return `insert into ${table} select ${columns.join(', ')} from ${table} limit 1`
}

describe('the heads noted beside the database', () => {
  it('grow with the chain, stay when it became shorter, and are read back', async () => {
    const file = join(folder, 'some.anchors')
    const copy = join(folder, 'anchored.db')
    copyFileSync(original, copy)
    const db = await openDatabase(copy)
    const notes = createAnchors(db, file)
    await notes.note()
    await notes.note()
    const head = await headOf(db)
    expect(notes.heads()).toEqual([head])
    await db.destroy()
    const other = new Sqlite(copy)
    other.exec(`drop trigger audit_no_delete; delete from audit where sequence = ${head.sequence}`)
    other.close()
    const again = await openDatabase(copy)
    const later = createAnchors(again, file)
    await later.note()
    expect(later.heads()).toEqual([head])
    expect((await verifyChain(again, later.heads())).broken?.why).toContain('the last entry was removed')
    await again.destroy()
  })

  it('pass over lines that are none, and a file that is not there', () => {
    const file = join(folder, 'odd.anchors')
    const digest = 'a'.repeat(64)
    writeFileSync(file, `\n12:${digest} 2026-01-01T00:00:00Z\nnonsense\n13:${digest.slice(1)}\n-1:${digest}\n`)
    expect(readAnchors(file)).toEqual([{ sequence: 12, digest }])
    expect(readAnchors(join(folder, 'none'))).toEqual([])
    expect(readFileSync(file, 'utf8')).toContain('nonsense')
  })
})
