import { expect, test } from 'vitest'
import { randomFrom } from '../../../src/main/domain/random.ts'
import { createAudit } from '../../../src/main/services/audit/index.ts'
import { openDatabase } from '../../../src/main/store/database.ts'
import type { Row } from '../../../src/main/store/schema.ts'

const caller = { accountId: 'lead', name: 'lead', displayName: 'Lead', roles: ['lead'] } as const

// A trail of more entries than are looked through at a time, against one query over all of it.
test('what is rare in a long trail is found as if all were looked at together', async () => {
  const db = await openDatabase(':memory:')
  try {
    const random = randomFrom('a long trail')
    const size = 45_000
    const day = (n: number): string => new Date(Date.UTC(2026, 0, 1) + n * 3_600_000).toISOString()
    for (const id of ['lead', 'other'])
      await db
        .insertInto('account')
        .values({
          ...{ id, name: id, display_name: id, password_hash: '', roles: '["lead"]', state: 'active' },
          ...{ failed_attempts: 0, locked_until: null, must_change: 0, created_at: day(0) },
        })
        .execute()
    const rows = Array.from({ length: size }, (_, at): Row<'audit'> => {
      const rare = random.uniform() < 0.003
      return {
        ...{ sequence: at + 1, at: day(at >> 5), account_id: rare ? 'other' : 'lead', subject: 's' },
        act: rare ? (random.uniform() < 0.5 ? 'study.opened' : 'study.sealed') : 'vote.cast',
        ...{ row_digest: 'r', previous: 'p', digest: `d${at}` },
      }
    })
    await db.transaction().execute(async (t) => {
      for (let at = 0; at < size; at += 1000)
        await t
          .insertInto('audit')
          .values(rows.slice(at, at + 1000))
          .execute()
    })
    const { list } = createAudit({ db, anchors: { heads: () => [], note: () => Promise.resolve() } as never })
    const sometimes = <T>(value: T): T | undefined => (random.uniform() < 0.4 ? value : undefined)
    for (let round = 0; round < 25; round += 1) {
      const wanted = {
        before: sometimes(1 + random.integer(2 * size)),
        area: sometimes(['study', 'vote', 'none'][random.integer(3)]!),
        act: sometimes(['study.opened', 'study.sealed', 'vote.cast'][random.integer(3)]!),
        by: sometimes(['lead', 'other'][random.integer(2)]!),
        from: sometimes(day(random.integer(size >> 5))),
        until: sometimes(day(random.integer(size >> 5))),
      }
      const { before = Infinity, area, act, by, from = '', until = '9' } = wanted
      const all = rows
        .filter((row) => row.sequence < before && row.at >= from && row.at < until)
        .filter((row) => (!area || row.act.startsWith(`${area}.`)) && (!act || row.act === act))
        .filter((row) => !by || row.account_id === by)
        .reverse()
      const { head, entries, more } = await list({ ...caller, roles: ['lead'] }, wanted)
      expect(head).toEqual({ sequence: size, digest: `d${size - 1}` })
      expect(entries.map(({ sequence }) => sequence)).toEqual(all.slice(0, 100).map(({ sequence }) => sequence))
      expect(more).toBe(all.length > 100)
    }
  } finally {
    await db.destroy()
  }
})
