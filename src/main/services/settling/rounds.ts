import type { DisputedScan } from '../../../preload/contract/analysis.ts'
import { causesFor } from '../../../preload/contract/causes.ts'
import type { Study } from '../../../preload/contract/studies.ts'
import { ConcordError } from '../../domain/error.ts'
import { digestOf, record } from '../../store/audit.ts'
import type { Connection } from '../../store/database.ts'
import { nextId, now } from '../../store/identity.ts'
import type { AdjudicationCause, Row } from '../../store/schema.ts'
import { adjudicationDigest } from '../../store/witness/digests.ts'
import { recordStudy } from '../../store/witness/record.ts'
import { isSealed, isUnblinded, requireGrade, scaleOf, studyOf, type Caller, type ServiceBase } from '../context.ts'
import { disputedScans } from '../votes/disputes.ts'
import { isOfOpenRounds } from './open-rounds.ts'
import type { Studies } from '../studies/index.ts'

export type Rounds = ReturnType<typeof createRounds>

export interface Decision {
  studyId: string
  scanId: string
  grade: number
  cause?: AdjudicationCause | undefined
  reason: string
}

/** The end of a reading: sealing it, settling what is disputed, learning who is A, B, C. Each act is in the audit trail. */
export function createRounds({ db, announce, sealing, studies }: ServiceBase & { studies: Studies }) {
  return {
    async seal(caller: Caller, request: { studyId: string; incomplete: boolean }): Promise<Study> {
      await db.transaction().execute(async (t) => {
        const study = await studyOf(t, request.studyId)
        if (study.state !== 'open') throw new ConcordError('study-not-open', 'Only an open study can be sealed.')
        const missing = await votesMissing(t, study.id)
        if (missing > 0 && !request.incomplete)
          throw new ConcordError(
            'votes-missing',
            `${missing} votes are still missing. Wait for them, or seal without them on purpose.`,
          )
        // Blinding ends here: from now on the votes need nobody's key.
        await sealing.openFor(t, caller, study.id)
        await t.updateTable('study').set({ state: 'sealed' }).where('id', '=', study.id).execute()
        await recordStudy(t, { accountId: caller.accountId, act: 'study.sealed' }, study.id)
      })
      announce.studyChanged(request.studyId)
      return studies.get(caller, request.studyId)
    },

    async unblind(caller: Caller, studyId: string): Promise<Study> {
      await db.transaction().execute(async (t) => {
        const study = await studyOf(t, studyId)
        if (!isSealed(study))
          throw new ConcordError('study-not-sealed', 'Seal the reading first; then the readers can be named.')
        if (isUnblinded(study))
          throw new ConcordError('study-unblinded', 'This study is unblinded already; that was recorded.')
        const at = now()
        await t.updateTable('study').set({ unblinded_at: at }).where('id', '=', studyId).execute()
        await recordStudy(t, { accountId: caller.accountId, act: 'study.unblinded' }, studyId)
      })
      announce.studyChanged(studyId)
      return studies.get(caller, studyId)
    },

    /** Who graded one scan, by letter. */
    async showNames(caller: Caller, { studyId, scanId }: { studyId: string; scanId: string }) {
      return db.transaction().execute(async (t) => {
        const study = await studyOf(t, studyId)
        if (!isUnblinded(study))
          throw new ConcordError('study-not-unblinded', 'Show who is A, B, C on the page "Seal and unblind" first.')
        const names = await namesOf(t, studyId, scanId)
        if (names.length === 0)
          throw new ConcordError('scan-unknown', 'There is no such scan with votes in this study.')
        await record(t, {
          accountId: caller.accountId,
          act: 'scan.names-shown',
          subject: scanId,
          rowDigest: digestOf(studyId, scanId),
        })
        return names
      })
    },

    /** The lead's own grade for a disputed scan. The first one moves the study on from "sealed" to "adjudicating". */
    async adjudicate(caller: Caller, request: Decision): Promise<DisputedScan> {
      const study = await studyOf(db, request.studyId)
      if (!isSealed(study))
        throw new ConcordError('study-not-sealed', 'Seal the reading first; until then every vote may still change.')
      requireGrade(scaleOf(study), request.grade)
      const cause = request.cause ?? 'other'
      if (cause === 'other' && request.reason.length < 3)
        throw new ConcordError('reason-missing', 'Say in a few words why: this reason is not on the list.', 'reason')
      if (!causesFor(study.template).includes(cause))
        throw new ConcordError(
          'cause-foreign',
          'This reason belongs to another kind of study; pick one of the list.',
          'cause',
        )
      const reader = await sealing.forFigures(db, caller, study.id)
      const [disputed] = await disputedScans(db, reader, study, [request.scanId])
      if (!disputed)
        throw new ConcordError('scan-not-disputed', 'The readers agree on this scan; there is nothing to settle.')
      const row = await db.transaction().execute(async (t) => {
        const row: Row<'adjudication'> = {
          id: await nextId(t, 'adjudication'),
          study_id: study.id,
          scan_id: request.scanId,
          grade: request.grade,
          reason: request.reason,
          cause,
          account_id: caller.accountId,
          at: now(),
        }
        await t.insertInto('adjudication').values(row).execute()
        await t
          .updateTable('study')
          .set({ state: 'adjudicating' })
          .where('id', '=', study.id)
          .where('state', '=', 'sealed')
          .execute()
        await record(t, {
          accountId: caller.accountId,
          act: 'scan.adjudicated',
          subject: row.id,
          rowDigest: adjudicationDigest(row),
        })
        return row
      })
      announce.studyChanged(study.id)
      return { ...disputed, adjudicated: { grade: row.grade, cause, reason: row.reason, at: row.at } }
    },
  }
}

async function votesMissing(connection: Connection, studyId: string): Promise<number> {
  const { count } = await connection
    .selectFrom('assignment')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('study_id', '=', studyId)
    // Queue by queue, as the index has them: not every place of a million is looked at.
    .where('account_id', 'in', (of) =>
      of.selectFrom('study_reader').select('study_reader.account_id').where('study_reader.study_id', '=', studyId),
    )
    .where('voted', '=', 0)
    .where(isOfOpenRounds)
    .executeTakeFirstOrThrow()
  return Number(count)
}

async function namesOf(connection: Connection, studyId: string, scanId: string) {
  return connection
    .selectFrom('assignment')
    .innerJoin('study_reader', (join) =>
      join
        .onRef('study_reader.account_id', '=', 'assignment.account_id')
        .onRef('study_reader.study_id', '=', 'assignment.study_id'),
    )
    .innerJoin('account', 'account.id', 'assignment.account_id')
    .select(['study_reader.letter as letter', 'account.display_name as displayName'])
    .distinct()
    .where('assignment.study_id', '=', studyId)
    .where('assignment.scan_id', '=', scanId)
    .where('assignment.kind', '=', 'primary')
    .orderBy('study_reader.letter')
    .execute()
}
