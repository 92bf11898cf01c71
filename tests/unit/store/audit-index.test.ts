import { sql } from 'kysely'
import { expect, it, onTestFinished } from 'vitest'
import { entriesOf } from '../../../src/main/store/attested.ts'
import { openDatabase } from '../../../src/main/store/database.ts'

it('finds what the trail says of a row without reading all of the trail', async () => {
  const db = await openDatabase(':memory:')
  onTestFinished(() => db.destroy())
  const rows = await entriesOf(db, 'vote.key-made', 'x').explain<{ detail: string }>(undefined, sql`query plan`)
  expect(rows.map(({ detail }) => detail)).toEqual(['SEARCH audit USING INDEX audit_subject (subject=?)'])
})
