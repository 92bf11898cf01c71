import fc from 'fast-check'
import { expect, it } from 'vitest'
import { addVotes } from '../../../src/main/services/packets/add-votes.ts'
import { isLater } from '../../../src/main/services/packets/revisions.ts'
import type { PacketVote } from '../../../src/main/services/packets/rows.ts'
import { record } from '../../../src/main/store/audit.ts'
import { openDatabase } from '../../../src/main/store/database.ts'
import { newId } from '../../../src/main/store/identity.ts'
import { accountDigest, studyMadeDigest } from '../../../src/main/store/witness/digests.ts'
import { recordQueues, recordScan, recordStudy } from '../../../src/main/store/witness/record.ts'
import { verifyChain } from '../../../src/main/store/verify.ts'

const scale = JSON.stringify({ grades: [1, 2, 3, 4, 5].map((value) => ({ value })) })
const at = '2026-01-01T00:00:00.000Z'

/** A study with one reader and two places of the queue, and nothing voted. */
async function emptyStudy() {
  const db = await openDatabase(':memory:')
  const [reader, study, patient] = ['reader', 'study', 'patient']
  await db
    .insertInto('account')
    .values({
      ...{ id: reader, name: reader, display_name: reader, roles: '["reader"]', password_hash: '-', state: 'active' },
      ...{ failed_attempts: 0, locked_until: null, must_change: 0, created_at: at },
    })
    .execute()
  const account = await db.selectFrom('account').selectAll().executeTakeFirstOrThrow()
  const entry = { accountId: reader, act: 'account.created', subject: reader, rowDigest: accountDigest(account) }
  await db.transaction().execute((t) => record(t, entry))
  await db
    .insertInto('study')
    .values({
      ...{ id: study, title: study, template: 'own', state: 'open', scale, readers_per_scan: 1, order_seed: '' },
      ...{ pseudonym_key: '', design: '{}', created_by: reader, created_at: at, unblinded_at: null },
      ...{ readers_see_afterwards: 0, votes_encrypted: 0 },
    })
    .execute()
  await db.insertInto('patient').values({ id: patient, study_id: study, pseudonym: 'P', source_digest: '' }).execute()
  for (const place of [1, 2]) {
    await db
      .insertInto('scan')
      .values({
        ...{ id: `scan${place}`, study_id: study, patient_id: patient, pseudonym: `P-${place}`, site: 'tibia' },
        ...{ side: 'left', purpose: 'reading', format: 'isq', dims: '[1,1,1]', spacing: null, unit: '' },
        ...{ warnings: '[]', content_sha256: `${place}`, imported_by: reader, imported_at: at },
      })
      .execute()
    await db
      .insertInto('assignment')
      .values({
        ...{ id: `place${place}`, study_id: study, scan_id: `scan${place}`, account_id: reader, round: 1 },
        ...{ kind: 'primary', position: place, voted: 0, place: null, code: null, follows: null },
      })
      .execute()
  }
  const row = await db.selectFrom('study').selectAll().executeTakeFirstOrThrow()
  await db.transaction().execute(async (t) => {
    const made = { accountId: reader, act: 'study.created', subject: study, rowDigest: studyMadeDigest(row) }
    await record(t, made)
    for (const scanId of ['scan1', 'scan2']) await recordScan(t, { accountId: reader, act: 'scan.imported' }, scanId)
    await recordQueues(t, reader, study)
    await recordStudy(t, { accountId: reader, act: 'study.opened' }, study)
  })
  const merge = (votes: PacketVote[]) =>
    db.transaction().execute((t) => addVotes(t, row, reader, { votes, readerKeys: [], readerShares: [], regions: [] }))
  return { db, merge }
}

/** What a workstation says of one place of the queue: votes in turn with taking them back, at rising seconds. */
const said = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 4 })
const station = fc.tuple(said, said)

function votesOf(places: readonly [number[], number[]]): PacketVote[] {
  return places.flatMap((steps, index) => {
    let second = 0
    return steps.map((step, turn): PacketVote => {
      second += step
      const cast = turn % 2 === 0
      return {
        ...{ id: newId(), assignment_id: `place${index + 1}`, revision: turn + 1, cast_revision: null },
        ...{ kind: cast ? 'cast' : 'withdrawn', grade: cast ? 1 + (second % 5) : null, reason: null, note: null },
        ...{ worst_slice: null, shown_at: null, cast_at: `2026-01-01T00:00:${String(second).padStart(2, '0')}.000Z` },
        ...{ salt: 'x', confidence: null, stack_grades: null, looked_ms: null, reader_key_id: null, sealed: null },
      }
    })
  })
}

it('ends with the same counting votes and all revisions, in whatever order and however often stations are merged', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(station, { minLength: 2, maxLength: 3 }),
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
      async (stations, chance) => {
        const packets = stations.flatMap((places) => {
          const all = votesOf(places)
          const early = all.filter((vote) => vote.revision < 3)
          return [early, all, early]
        })
        const everyVote = new Map(packets.flat().map((vote) => [vote.id, vote]))
        for (let round = 0; round < 2; round++) {
          const { db, merge } = await emptyStudy()
          const order = packets
            .map((packet) => ({ packet, by: chance.next().value }))
            .sort((a, b) => a.by - b.by)
            .map(({ packet }) => packet)
          for (const packet of order) await merge(packet)
          const rows = await db.selectFrom('vote').selectAll().execute()
          expect(new Set(rows.map(({ id }) => id))).toEqual(new Set(everyVote.keys()))
          for (const place of ['place1', 'place2']) {
            const own = rows.filter((row) => row.assignment_id === place)
            if (own.length === 0) continue
            const counts = own.reduce((a, b) => (b.revision > a.revision ? b : a))
            expect(counts.id).toBe(own.reduce((a, b) => (isLater(b, a) ? b : a)).id)
            const { voted } = await db
              .selectFrom('assignment')
              .select('voted')
              .where('id', '=', place)
              .executeTakeFirstOrThrow()
            expect(voted).toBe(counts.kind === 'cast' ? 1 : 0)
            for (const row of own) expect(row.cast_revision ?? row.revision).toBe(everyVote.get(row.id)!.revision)
          }
          const chain = await verifyChain(db)
          expect(chain.broken).toBeNull()
          await db.destroy()
        }
      },
    ),
    { numRuns: 25 },
  )
})
