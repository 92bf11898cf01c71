import { readerOrder, readersForScans } from '../../domain/assignment.ts'
import { ConcordError } from '../../domain/error.ts'
import { randomFrom } from '../../domain/random.ts'
import type { Connection } from '../../store/database.ts'
import { newId, now } from '../../store/identity.ts'
import type { Row } from '../../store/schema.ts'
import { recordQueues, recordScan, recordStudy } from '../../store/witness/record.ts'
import { isSealed, studyOf, type Caller, type ServiceBase } from '../context.ts'
import { orderSeedOf } from '../design-of.ts'
import type { ModelRows } from './rows.ts'
import { isUnsure } from './scan-prediction.ts'
import { keysOfStudy } from '../sealing/study-keys.ts'
import { makeStudyKeys } from '../sealing/make-study-keys.ts'

/**
 * Scans of which a model is unsure go to the readers: the sealed reading is opened again for a round of these scans alone. A
 * reader sees more scans in the queue and nothing else: neither what the model said nor that it said anything.
 */
export function createSendBack({ db, announce, rows }: ServiceBase & { rows: ModelRows }) {
  return {
    /**
     * @param request `alsoSure`: so many scans of which the model is sure go along, drawn by the study's seed, so that being
     * asked says nothing about a scan. Scans that readers have graded, or have to grade, are skipped.
     */
    async sendBack(caller: Caller, request: { modelId: string; scanIds: string[]; alsoSure: number }) {
      const model = await rows.of(caller, request.modelId)
      const result = await db.transaction().execute(async (t) => {
        const study = await studyOf(t, model.study_id)
        if (!isSealed(study) || study.state === 'closed')
          throw new ConcordError(
            'study-not-sealed',
            'Seal the reading first; while it is open no scan can be added to it.',
          )
        const unread = await unreadOf(t, model)
        const wanted = new Set(request.scanIds)
        const asked = unread.filter(({ id }) => wanted.has(id)).map(({ id }) => id)
        if (asked.length === 0)
          throw new ConcordError('nothing-to-send', 'Readers have graded all of these scans, or have them to grade.')
        const sure = unread.filter((scan) => !wanted.has(scan.id) && scan.sure).map(({ id }) => id)
        const round = (await lastRound(t, study.id)) + 1
        const seed = `${orderSeedOf(study)}:again:${round}`
        const along = randomFrom(seed).shuffle(sure).slice(0, request.alsoSure)
        const scanIds = [...asked, ...along].sort()
        await assign(t, study, scanIds, round, seed)
        for (let at = 0; at < scanIds.length; at += 500)
          await t
            .updateTable('scan')
            .set({ purpose: 'reading' })
            .where('id', 'in', scanIds.slice(at, at + 500))
            .execute()
        const row = { id: newId(), study_id: study.id, model_id: model.id, first_round: round }
        await t
          .insertInto('reading_again')
          .values({ ...row, account_id: caller.accountId, at: now() })
          .execute()
        await t.updateTable('study').set({ state: 'open' }).where('id', '=', study.id).execute()
        // The envelopes of the first reading are open: what is voted now needs a key of its own.
        if ((await keysOfStudy(t, study.id)).length > 0) await makeStudyKeys(t, caller, study.id)
        const { accountId } = caller
        for (const scanId of scanIds) await recordScan(t, { accountId, act: 'scan.to-readers' }, scanId)
        await recordQueues(t, accountId, study.id)
        await recordStudy(t, { accountId, act: 'study.opened-again' }, study.id)
        return { scans: asked.length, sure: along.length, skipped: wanted.size - asked.length }
      })
      announce.studyChanged(model.study_id)
      return result
    },
  }
}

/** Scans of the study that no reader has, and whether the model is sure of them (it may have said nothing). */
async function unreadOf(connection: Connection, model: Row<'model'>): Promise<{ id: string; sure: boolean }[]> {
  const found = await connection
    .selectFrom('scan')
    .leftJoin('prediction', (join) =>
      join.onRef('prediction.scan_id', '=', 'scan.id').on('prediction.model_id', '=', model.id),
    )
    .select(['scan.id', 'prediction.uncertainty', 'prediction.member_disagreement', 'prediction.tie'])
    .where('scan.study_id', '=', model.study_id)
    .where('scan.purpose', '=', 'unread')
    .orderBy('scan.id')
    .execute()
  return found.map(({ id, uncertainty, tie, member_disagreement }) => ({
    id,
    sure: uncertainty !== null && !isUnsure({ uncertainty, tie: tie ?? 0, member_disagreement }),
  }))
}

async function lastRound(connection: Connection, studyId: string): Promise<number> {
  const { last } = await connection
    .selectFrom('assignment')
    .select(({ fn }) => fn.max('round').as('last'))
    .where('study_id', '=', studyId)
    .executeTakeFirstOrThrow()
  return Number(last ?? 0)
}

/** Each scan to as many readers as at the first reading, behind what is in their queues, in an order of their own. */
async function assign(
  connection: Connection,
  study: Row<'study'>,
  scanIds: string[],
  round: number,
  seed: string,
): Promise<void> {
  const readers = await connection
    .selectFrom('study_reader')
    .select('account_id')
    .where('study_id', '=', study.id)
    .orderBy('account_id')
    .execute()
  const ids = readers.map((reader) => reader.account_id)
  const chosen = readersForScans(scanIds, ids, study.readers_per_scan, seed)
  for (const reader of ids) {
    const { last } = await connection
      .selectFrom('assignment')
      .select(({ fn }) => fn.max('position').as('last'))
      .where('study_id', '=', study.id)
      .where('account_id', '=', reader)
      .executeTakeFirstOrThrow()
    const own = readerOrder(
      scanIds.filter((scan) => chosen.get(scan)!.includes(reader)),
      `${seed}:${reader}`,
    )
    for (const [index, scan_id] of own.entries()) {
      const row: Row<'assignment'> = {
        ...{ id: newId(), study_id: study.id, scan_id, account_id: reader, round, kind: 'primary', voted: 0 },
        ...{ position: Number(last ?? 0) + index + 1, place: null, code: null, follows: null },
      }
      await connection.insertInto('assignment').values(row).execute()
    }
  }
}
