import { readFile } from 'node:fs/promises'
import { CsvError, parse } from 'csv-parse/sync'
import { ConcordError } from '../../domain/error.ts'
import { record } from '../../store/audit.ts'
import type { Connection } from '../../store/database.ts'
import { newId, now } from '../../store/identity.ts'
import type { Row } from '../../store/schema.ts'
import { referenceDigest } from '../../store/witness/digests.ts'
import { refuseBlinded, requireGrade, scaleOf, studyOf, type Caller, type ServiceBase } from '../context.ts'

export type References = ReturnType<typeof createReferences>

/** What is true of a scan, by the scan's pseudonym in the study. */
export interface Truth {
  pseudonym: string
  grade: number
}

/** The most bytes of a file of truths: a row of every scan of the largest study is a tenth of it. */
const mostBytes = 64 << 20

/** The known truth of scans. Readers of an open study never come near it: neither they nor a lead who also reads there may set it. */
export function createReferences({ db, announce }: ServiceBase) {
  /** Keeps what is new or differs. Errors: `blinded`, `grade-unknown`, `scan-unknown`. */
  async function set(
    caller: Caller,
    studyId: string,
    truths: readonly Truth[],
  ): Promise<{ set: number; unchanged: number }> {
    const changed = await db.transaction().execute(async (t) => {
      const study = await studyOf(t, studyId)
      await refuseBlinded(t, caller, study)
      const scale = scaleOf(study)
      const scans = new Map(
        (await t.selectFrom('scan').select(['id', 'pseudonym']).where('study_id', '=', studyId).execute()).map(
          (scan) => [scan.pseudonym, scan.id],
        ),
      )
      const known = await truthOf(t, studyId)
      let count = 0
      for (const { pseudonym, grade } of truths) {
        requireGrade(scale, grade)
        const scanId = scans.get(pseudonym)
        if (scanId === undefined)
          throw new ConcordError('scan-unknown', `No scan of this study is called "${pseudonym}". Nothing was kept.`)
        if (known.get(scanId) === grade) continue
        known.set(scanId, grade)
        const row: Row<'scan_reference'> = {
          ...{ id: newId(), study_id: studyId, scan_id: scanId, grade, account_id: caller.accountId, at: now() },
        }
        await t.insertInto('scan_reference').values(row).execute()
        const entry = { accountId: caller.accountId, act: 'scan.truth-set', subject: row.id }
        await record(t, { ...entry, rowDigest: referenceDigest(row) })
        count += 1
      }
      return count
    })
    announce.studyChanged(studyId)
    return { set: changed, unchanged: truths.length - changed }
  }

  return {
    set,

    /** A CSV with the columns `subject` (the scan's pseudonym) and `grade`. Errors: those of `set`, `truth-unreadable`. */
    async importFile(caller: Caller, { studyId, path }: { studyId: string; path: string }) {
      return set(caller, studyId, truthsIn(await textOf(path)))
    },
  }
}

/** The newest truth of each scan of a study that has one. */
export async function truthOf(connection: Connection, studyId: string): Promise<Map<string, number>> {
  const rows = await connection
    .selectFrom('scan_reference')
    .select(['scan_id', 'grade'])
    .where('study_id', '=', studyId)
    .orderBy('id')
    .execute()
  return new Map(rows.map(({ scan_id, grade }) => [scan_id, grade]))
}

async function textOf(path: string): Promise<string> {
  const bytes = await readFile(path).catch(() => null)
  if (bytes === null) throw unreadable('The file is not there or may not be read.')
  if (bytes.length > mostBytes) throw unreadable('The file is larger than 64 MiB.')
  return new TextDecoder().decode(bytes)
}

/** Error: `truth-unreadable` names the row (the header is row 1). */
export function truthsIn(text: string): Truth[] {
  const options = { columns: true as const, bom: true, trim: true, skip_empty_lines: true, delimiter: [',', ';', '\t'] }
  let rows: Record<string, string>[]
  try {
    rows = parse(text, options)
  } catch (error) {
    if (error instanceof CsvError) throw unreadable(`It is no CSV: ${error.message}`)
    throw error
  }
  const first = rows[0]
  if (!first) throw unreadable('It is empty.')
  if (!('subject' in first && 'grade' in first)) throw unreadable('It has no columns "subject" and "grade".')
  const seen = new Set<string>()
  return rows.flatMap(({ subject = '', grade = '' }, i) => {
    if (grade === '') return []
    if (subject === '' || !/^\d{1,2}$/.test(grade)) throw unreadable(`Row ${i + 2} needs a scan and a grade in digits.`)
    if (seen.has(subject)) throw unreadable(`Row ${i + 2}: ${subject} is there twice.`)
    seen.add(subject)
    return [{ pseudonym: subject, grade: Number(grade) }]
  })
}

const unreadable = (why: string): ConcordError =>
  new ConcordError(
    'truth-unreadable',
    `The file of known truths cannot be taken: ${why} It needs a header "subject,grade", then a row a scan.`,
  )
