import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Candidate } from '../../../preload/contract/design.ts'
import type { Connection } from '../../store/database.ts'
import { inPortions } from '../../store/portions.ts'
import type { Row } from '../../store/schema.ts'
import { isSealed, readsIn, scaleOf, type Caller } from '../context.ts'
import { groupByScan, latestAdjudications } from '../votes/disputes.ts'
import type { Sealing } from '../sealing/index.ts'
import { voteParts } from '../votes/counting.ts'

/**
 * Scans that may serve a study as known cases: settled scans of sealed studies on the same grades (adjudicated, or at least
 * two votes, all equal), the phantom's scans of practice studies on them, and the study's own scans that no reader is to
 * grade, whose grade the lead must say. A study that the caller still reads in gives none.
 */
export async function candidatesFor(
  connection: Connection,
  sealing: Sealing,
  study: Row<'study'>,
  caller: Caller,
): Promise<Candidate[]> {
  const grades = gradesOf(study)
  const others = await connection.selectFrom('study').selectAll().where('id', '!=', study.id).orderBy('id').execute()
  const found = new Map<string, Pick<Candidate, 'grade' | 'why' | 'motionMm' | 'origin'>>()
  for (const other of others.filter((one) => gradesOf(one) === grades)) {
    if (!isSealed(other) && (await readsIn(connection, other.id, caller.accountId))) continue
    if (isSealed(other)) {
      const settled = await latestAdjudications(connection, other.id)
      const reader = await sealing.published(connection, other.id)
      for await (const part of voteParts(connection, reader, other.id))
        for (const [scanId, votes] of groupByScan(part)) {
          const decided = settled.get(scanId)
          const first = votes[0]!.grade
          const unanimous = votes.length > 1 && first !== null && votes.every((vote) => vote.grade === first)
          if (decided) found.set(scanId, { ...plain, grade: decided.grade, why: decided.reason, origin: 'settled' })
          else if (unanimous) found.set(scanId, { ...plain, grade: first, origin: 'settled' })
        }
    }
    const known = await connection
      .selectFrom('known_case')
      .selectAll()
      .where('study_id', '=', other.id)
      .where('origin', '=', 'phantom')
      .execute()
    for (const one of known)
      found.set(one.scan_id, { grade: one.grade, why: one.why, motionMm: one.motion_mm, origin: 'phantom' })
  }
  const own = await connection
    .selectFrom('scan')
    .select('id')
    .where('study_id', '=', study.id)
    .where('purpose', '=', 'unread')
    .execute()
  for (const { id } of own) found.set(id, { ...plain, grade: null, origin: 'named' })

  const scansAmong = (some: readonly string[]) =>
    connection
      .selectFrom('scan')
      .innerJoin('study', 'study.id', 'scan.study_id')
      .select(['scan.id', 'scan.pseudonym', 'scan.site', 'scan.side', 'study.title as studyTitle'])
      .where('scan.id', 'in', some)
      .execute()
  const rows = await inPortions([...found.keys()], scansAmong, nextTurn)
  return rows
    .map(({ id, ...scan }) => ({ scanId: id, ...scan, ...found.get(id)! }))
    .sort((a, b) => a.studyTitle.localeCompare(b.studyTitle) || a.pseudonym.localeCompare(b.pseudonym))
}

const plain = { why: null, motionMm: null }

/** Two studies grade alike where the grades are the same and the cut lies between the same two. */
const gradesOf = (study: Row<'study'>): string => {
  const { grades, rescanFrom } = scaleOf(study)
  return JSON.stringify([grades.map((grade) => grade.value), rescanFrom])
}
