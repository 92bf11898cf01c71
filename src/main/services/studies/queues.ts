import { readerOrder, readersForScans } from '../../domain/assignment.ts'
import { codesFor, queueWith } from '../../domain/queue.ts'
import type { Connection } from '../../store/database.ts'
import { newId } from '../../store/identity.ts'
import type { Row } from '../../store/schema.ts'
import { casesOf, designOf, isConcealed, orderSeedOf } from '../design-of.ts'

type Entry = Pick<Row<'assignment'>, 'scan_id' | 'round' | 'kind'>

/**
 * Gives each scan to `readers_per_scan` readers, evenly, and each reader an own seeded queue: the calibration cases, then the
 * scans with their unannounced repeats and known cases; and so for each round. All rows of a reader are made in the order
 * in which they are read, so that an identifier (they sort by time) tells no more than the place.
 */
export async function assignQueues(
  connection: Connection,
  study: Row<'study'>,
  readers: { id: string }[],
  scanIds: string[],
): Promise<void> {
  const design = designOf(study)
  const cases = await casesOf(connection, study.id)
  const used = (use: Row<'known_case'>['use']): string[] => cases.filter((c) => c.use === use).map((c) => c.scan_id)
  const [calibration, hidden] = [used('calibration'), used('hidden')]
  const ids = readers.map((r) => r.id).sort()
  const orderSeed = orderSeedOf(study)
  const chosen = readersForScans(scanIds, ids, study.readers_per_scan, orderSeed)
  const concealed = await isConcealed(connection, study)

  for (const reader of ids) {
    const rows: Row<'assignment'>[] = []
    const concealedRows: Row<'assignment'>[] = []
    for (let round = 1; round <= design.rounds; round++) {
      const seed = `${orderSeed}:${reader}:${round}`
      const order = readerOrder(
        scanIds.filter((scan) => chosen.get(scan)!.includes(reader)),
        seed,
      )
      const share = round === 1 ? design.repeats / 100 : 0
      const entries: Entry[] = [
        ...readerOrder(calibration, `${seed}:calibration`).map((scan_id) => ({
          scan_id,
          kind: 'calibration' as const,
        })),
        ...queueWith(order, { share, gap: design.repeatGap, hidden, seed }).map(({ id, kind }) => ({
          scan_id: id,
          kind: kind === 'primary' && round > 1 ? ('repeat' as const) : kind,
        })),
      ].map((entry) => ({ ...entry, round }))
      entries.forEach((entry, index) => {
        const row: Row<'assignment'> = {
          ...{ ...entry, id: newId(), study_id: study.id, account_id: reader, position: rows.length + 1, voted: 0 },
          ...{ place: index + 1, code: null, follows: null },
        }
        rows.push(row)
        // A calibration case of another study has a pseudonym that one of this study's scans may have too.
        if (concealed || (entry.kind === 'calibration' && scanIds.length > 0)) concealedRows.push(row)
        if (design.pairedModelId !== null && entry.kind === 'primary')
          rows.push({ ...row, id: newId(), kind: 'repeat', position: rows.length + 1, follows: row.id })
      })
    }
    const codes = codesFor(concealedRows.length, `${study.order_seed}:${reader}`)
    for (const [index, row] of concealedRows.entries()) row.code = codes[index]!
    const codeOf = new Map(rows.map((row) => [row.id, row.code]))
    for (const row of rows) if (row.follows !== null) row.code = codeOf.get(row.follows)!
    for (let at = 0; at < rows.length; at += 500)
      await connection
        .insertInto('assignment')
        .values(rows.slice(at, at + 500))
        .execute()
  }
}
