import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { newId, now } from '../../../src/main/store/identity.ts'
import { castVote } from '../../fixtures/casting.ts'
import { homeAndAway, travel } from '../../fixtures/packets.ts'
import { writeDiscs } from '../../fixtures/discs.ts'
import { createStudyWith, startProgram } from '../../fixtures/program.ts'
import type { Desk } from '../../../src/preload/contract/reading.ts'

/** A word as it may stand in a file, however it came there. */
const guises = (word: string): string[] => [
  word,
  Buffer.from(word).toString('base64').replace(/=+$/, '').slice(0, -2),
  Buffer.from(word).toString('hex'),
  Buffer.from(word, 'utf16le').toString('latin1'),
]
const holds = (bytes: Buffer, word: string): boolean => guises(word).some((one) => bytes.includes(one, 0, 'latin1'))

it('lets nothing of other people, no result and no patient’s identity into a packet, not in one of its bytes', async () => {
  const [home, stick] = [await startProgram(), mkdtempSync(join(tmpdir(), 'concord-stick-'))]
  try {
    const folder = join(stick, 'scans of Mustermann')
    await writeDiscs(folder, 3, [64, 64, 4], 'Mustermann^Erika')
    const { studyId, lead, readers } = await createStudyWith(home, [{ folder, purpose: 'reading' }])
    const note = (reader: string) => `unmistakable words of ${reader}`
    for (const reader of ['r1', 'r2', 'r3']) {
      const { current } = await home.get<Desk>(reader, 'reading.desk', { studyId })
      await castVote(home, reader, current!.assignmentId, 5, { note: note(reader) })
    }
    // Votes of a study whose votes are not encrypted, a consensus, a prediction, an estimate and a truth.
    const { db } = home
    const [scan] = await db.selectFrom('scan').selectAll().execute()
    const clear = { note: note('r2, in the clear'), salt: 'salt-of-another', grade: 5 }
    const theirs = await db
      .selectFrom('assignment')
      .selectAll()
      .where('account_id', '=', readers[1]!.accountId)
      .where('voted', '=', 0)
      .executeTakeFirstOrThrow()
    const vote = {
      ...{ id: newId(), assignment_id: theirs.id, revision: 1, kind: 'cast' as const, reason: null, worst_slice: null },
      ...{ shown_at: null, cast_at: '2026-03-03T03:03:03.333Z', confidence: null, stack_grades: null, looked_ms: null },
      ...{ request: null, reader_key_id: null, sealed: null, cast_revision: null, ...clear },
    }
    await db.insertInto('vote').values(vote).execute()
    const model = { id: newId(), study_id: studyId, run_id: null, name: 'Model of secrets', sha256: 'ab'.repeat(32) }
    await db
      .insertInto('model')
      .values({ ...model, parameters: 7, origin: 'import', created_at: now() })
      .execute()
    await db
      .insertInto('prediction')
      .values({
        ...{ model_id: model.id, scan_id: scan!.id, grade: 4, expected_grade: 3.987654321, uncertainty: 0.135797531 },
        ...{ rule: 'mean', tie: 0, slice_disagreement: null, member_disagreement: null, members: null, at: now() },
        ...{ probabilities: '[0.024682468]', slices: '[0.314159265]' },
      })
      .execute()
    await db
      .insertInto('adjudication')
      .values({
        ...{ id: newId(), study_id: studyId, scan_id: scan!.id, grade: 4, account_id: lead.accountId, at: now() },
        ...{ reason: 'settled for a secret reason', cause: 'other' },
      })
      .execute()
    const { make, file } = travel({ home, away: home, stick, lead, reader: readers[0]!, studyId })
    await make()
    await home.services.packets.votes(readers[0]!, { studyId, path: file('back.concord-votes') })

    const secrets: string[] = ['Mustermann', 'Erika', 'disc-00', ...['r2', 'r3'].map((one) => `Dr ${one}`), 'Dr lead']
    secrets.push(note('r1'), note('r2'), note('r3'), ...[clear.note, clear.salt, vote.cast_at, vote.id])
    secrets.push(...['Model of secrets', model.id, model.sha256, '3.987654321', '0.135797531'])
    secrets.push(...['0.024682468', '0.314159265', 'settled for a secret reason'])
    for (const row of await db.selectFrom('study').selectAll().execute())
      secrets.push(row.order_seed, row.pseudonym_key, `"seed":${(JSON.parse(row.design) as { seed: number }).seed}`)
    for (const row of await db.selectFrom('patient').selectAll().execute()) secrets.push(row.source_digest)
    for (const row of await db.selectFrom('scan_origin').selectAll().execute())
      secrets.push(row.series_digest, row.study_digest)
    for (const row of await db.selectFrom('account').selectAll().where('name', '!=', 'r1').execute()) {
      secrets.push(row.password_hash)
      // The maker's identifier stands in the manifest, as that of the key that signed it.
      if (row.id !== lead.accountId) secrets.push(row.id)
    }
    const others = (await db.selectFrom('assignment').selectAll().execute()).filter(
      (row) => row.account_id !== readers[0]!.accountId,
    )
    secrets.push(...others.map(({ id }) => id))
    for (const row of await db.selectFrom('vote').selectAll().execute())
      if (others.some(({ id }) => id === row.assignment_id)) secrets.push(row.id, ...(row.sealed ? [row.sealed] : []))
    for (const row of await db.selectFrom('study_key_share').selectAll().execute()) secrets.push(row.box)
    for (const row of await db.selectFrom('study_recovery').selectAll().execute()) secrets.push(row.box, row.seed_box)
    const entries = await db.selectFrom('audit').select(['digest', 'row_digest']).execute()
    secrets.push(...entries.flatMap((row) => [row.digest, row.row_digest]))
    expect(secrets.length).toBeGreaterThan(80)
    expect(secrets.every((word) => word.length > 3)).toBe(true)

    for (const name of ['out.concord-study', 'back.concord-votes']) {
      const bytes = readFileSync(file(name))
      expect(
        secrets.filter((word) => holds(bytes, word)),
        name,
      ).toEqual([])
      // What does belong in it is found in the same way.
      const own = others.length > 0 ? [readers[0]!.accountId, studyId] : []
      expect(own.every((word) => holds(bytes, word))).toBe(true)
    }
    expect(holds(readFileSync(file('out.concord-study')), scan!.pseudonym)).toBe(true)
    // The headers of the scans do hold what was looked for.
    expect(holds(readFileSync(join(folder, 'disc-001.isq')), 'Mustermann')).toBe(true)
  } finally {
    await home.close()
    rmSync(stick, { recursive: true, force: true })
  }
})

it('shows a second reader at the same workstation nothing of the first', async () => {
  const at = await homeAndAway(2, false)
  try {
    const { studyId, lead, readers } = at.study
    const way = (n: number) => travel({ ...at, lead, reader: readers[n]!, studyId })
    await way(0).make('r1')
    await way(1).make('r2')
    await way(0).open('r1')
    await way(1).open('r2')
    const told = async () => {
      const seen: unknown[] = []
      for (const channel of ['reading.desk', 'reading.progress', 'packets.own', 'studies.get'])
        seen.push(await at.away.get('r2', channel, { studyId }))
      return JSON.stringify(seen)
    }
    const before = await told()
    const { current } = await at.away.get<Desk>('r1', 'reading.desk', { studyId })
    await castVote(at.away, 'r1', current!.assignmentId, 5)
    await way(0).take('r1 back')
    expect(await told()).toBe(before)
    await way(1).take('r2 back')
    expect(await way(1).merge('r2 back')).toMatchObject({ votes: 0, known: 0 })
    expect(await way(0).merge('r1 back')).toMatchObject({ votes: 1, conflicts: [] })
  } finally {
    await at.home.close()
    await at.away.close()
    rmSync(at.stick, { recursive: true, force: true })
  }
})
