import { randomBytes, randomInt } from 'node:crypto'
import type { Scale } from '../../../preload/contract/common.ts'
import { readerLetters } from '../../../preload/contract/letters.ts'
import type { Study, Template } from '../../../preload/contract/studies.ts'
import { readerOrder } from '../../domain/assignment.ts'
import { ConcordError } from '../../domain/error.ts'
import { ownTemplate, templates } from '../../domain/templates.ts'
import { record } from '../../store/audit.ts'
import type { Connection } from '../../store/database.ts'
import { newId, now } from '../../store/identity.ts'
import type { Row } from '../../store/schema.ts'
import { studyMadeDigest } from '../../store/witness/digests.ts'
import { recordQueues, recordStudy } from '../../store/witness/record.ts'
import { isUnblinded, readsIn, scaleOf, studyOf, type Caller, type ServiceBase } from '../context.ts'
import { casesOf, designOf } from '../design-of.ts'
import { assignQueues } from './queues.ts'
import { requireReady } from './ready.ts'
import { makeStudyKeys } from '../sealing/make-study-keys.ts'
import { requireMadeClear } from '../sealing/unaltered.ts'

export type Studies = ReturnType<typeof createStudies>

export function createStudies({ db, announce }: ServiceBase) {
  /** A reader without another role learns neither who else reads nor how large the study is. */
  async function view(connection: Connection, caller: Caller, row: Row<'study'>): Promise<Study> {
    const staff = caller.roles.some((role) => role !== 'reader')
    return {
      id: row.id,
      title: row.title,
      template: row.template,
      state: row.state,
      scale: scaleOf(row),
      readersPerScan: row.readers_per_scan,
      readers: staff ? await readersOf(connection, row.id) : [],
      scans: staff ? await countScans(connection, row.id) : null,
      region: designOf(row).region.ask,
      readersSeeAfterwards: row.readers_see_afterwards === 1,
      unblinded: isUnblinded(row),
      encrypted: row.votes_encrypted === 1,
      createdAt: row.created_at,
    }
  }

  return {
    templates: (): Template[] => templates.map((t) => structuredClone(t)),

    async create(
      caller: Caller,
      wanted: {
        title: string
        template: string
        readersPerScan: number
        readersSeeAfterwards?: boolean | undefined
        /** Votes are encrypted until the seal unless this is false; never to be changed. */
        encrypted?: boolean | undefined
        scale?: Scale | undefined
      },
    ): Promise<Study> {
      const template = templates.find((t) => t.key === wanted.template)
      const scale = wanted.scale ?? template?.scale
      if (wanted.template === ownTemplate && !scale)
        throw new ConcordError('scale-missing', 'Say which grades the scale of your own has.', 'scale')
      if (!scale || (!template && wanted.template !== ownTemplate))
        throw new ConcordError('template-unknown', `There is no template "${wanted.template}".`, 'template')
      const row: Row<'study'> = {
        id: newId(),
        title: wanted.title,
        template: wanted.template,
        state: 'draft',
        scale: JSON.stringify(scale),
        readers_per_scan: wanted.readersPerScan,
        order_seed: randomBytes(16).toString('hex'),
        pseudonym_key: randomBytes(32).toString('hex'),
        design: JSON.stringify(template?.region ? { region: template.region } : {}),
        created_by: caller.accountId,
        created_at: now(),
        unblinded_at: null,
        readers_see_afterwards: wanted.readersSeeAfterwards ? 1 : 0,
        votes_encrypted: wanted.encrypted === false ? 0 : 1,
      }
      await db.transaction().execute(async (t) => {
        if (await t.selectFrom('study').select('id').where('title', '=', row.title).executeTakeFirst())
          throw new ConcordError('title-taken', `There is a study called "${row.title}" already.`, 'title')
        await t.insertInto('study').values(row).execute()
        await record(t, {
          accountId: caller.accountId,
          act: 'study.created',
          subject: row.id,
          // That the votes are encrypted too: no vote is written in the clear where this says otherwise.
          rowDigest: studyMadeDigest(row),
        })
        await recordStudy(t, { accountId: caller.accountId, act: 'study.designed' }, row.id)
      })
      return view(db, caller, row)
    },

    async list(caller: Caller): Promise<Study[]> {
      const rows = await db.selectFrom('study').selectAll().orderBy('created_at').execute()
      const visible: Study[] = []
      for (const row of rows) if (await mayKnow(db, caller, row)) visible.push(await view(db, caller, row))
      return visible
    },

    async get(caller: Caller, studyId: string): Promise<Study> {
      const row = await studyOf(db, studyId)
      if (!(await mayKnow(db, caller, row)))
        throw new ConcordError('study-unknown', 'There is no such study. Go back to the list of studies.')
      return view(db, caller, row)
    },

    async setReaders(
      caller: Caller,
      wanted: { studyId: string; readerIds: string[]; readersPerScan?: number | undefined },
    ): Promise<Study> {
      const study = await db.transaction().execute(async (t) => {
        const row = await requireDraft(t, wanted.studyId)
        const ids = [...new Set(wanted.readerIds)].sort()
        for (const id of ids) {
          const account = await t.selectFrom('account').selectAll().where('id', '=', id).executeTakeFirst()
          if (!account || account.state !== 'active' || !(JSON.parse(account.roles) as string[]).includes('reader'))
            throw new ConcordError('reader-unknown', 'One of the people chosen is not an active reader.', 'readerIds')
        }
        await t.deleteFrom('study_reader').where('study_id', '=', row.id).execute()
        // Letters follow a seeded shuffle, so that "A" says nothing about names or the order of creation.
        const letters = readerLetters(ids.length)
        for (const [index, account_id] of readerOrder(ids, `${row.order_seed}:letters`).entries())
          await t.insertInto('study_reader').values({ study_id: row.id, account_id, letter: letters[index]! }).execute()
        const readers_per_scan = wanted.readersPerScan ?? row.readers_per_scan
        await t.updateTable('study').set({ readers_per_scan }).where('id', '=', row.id).execute()
        await recordStudy(t, { accountId: caller.accountId, act: 'study.readers-set' }, row.id)
        return { ...row, readers_per_scan }
      })
      announce.studyChanged(study.id)
      return view(db, caller, study)
    },

    /** Whether readers may see, after unblinding, how they differ from the consensus. At any time, each change recorded. */
    async setReadersSeeAfterwards(caller: Caller, wanted: { studyId: string; allowed: boolean }): Promise<Study> {
      const study = await db.transaction().execute(async (t) => {
        const row = await studyOf(t, wanted.studyId)
        const readers_see_afterwards = wanted.allowed ? 1 : 0
        if (row.readers_see_afterwards === readers_see_afterwards) return row
        await t.updateTable('study').set({ readers_see_afterwards }).where('id', '=', row.id).execute()
        const act = wanted.allowed ? 'study.readers-see-allowed' : 'study.readers-see-withdrawn'
        await recordStudy(t, { accountId: caller.accountId, act }, row.id)
        return { ...row, readers_see_afterwards }
      })
      announce.studyChanged(study.id)
      return view(db, caller, study)
    },

    /** Opens the reading: every reader gets a queue in an own seeded order. */
    async open(caller: Caller, studyId: string): Promise<Study> {
      const study = await db.transaction().execute(async (t) => {
        const row = await requireDraft(t, studyId)
        const readers = await readersOf(t, studyId)
        if (readers.length < row.readers_per_scan)
          throw new ConcordError(
            'study-without-readers',
            `Each scan is to be read by ${row.readers_per_scan}, but the study has ${readers.length} readers. Name more readers first.`,
          )
        const scans = await t
          .selectFrom('scan')
          .select('id')
          .where('study_id', '=', studyId)
          .where('purpose', '=', 'reading')
          .orderBy('id')
          .execute()
        const scanIds = scans.map((s) => s.id)
        // A practice study has known cases alone.
        const practice = (await casesOf(t, row.id)).some(({ use }) => use === 'calibration')
        if (scans.length === 0 && !practice)
          throw new ConcordError('study-without-scans', 'The study has no scans for readers yet. Import some first.')
        const plan = designOf(row)
        const design = JSON.stringify({ ...plan, seed: plan.seed ?? randomInt(2 ** 31) })
        await t.updateTable('study').set({ state: 'open', design }).where('id', '=', studyId).execute()
        await requireReady(t, row, scanIds)
        await assignQueues(t, { ...row, design }, readers, scanIds)
        if (row.votes_encrypted === 1) await makeStudyKeys(t, caller, studyId)
        else await requireMadeClear(t, row)
        await recordQueues(t, caller.accountId, studyId)
        await recordStudy(t, { accountId: caller.accountId, act: 'study.opened' }, studyId)
        return { ...row, design, state: 'open' as const }
      })
      announce.studyChanged(studyId)
      return view(db, caller, study)
    },
  }
}

/** Everybody but pure readers knows all studies; a reader those they read in, once open. */
async function mayKnow(connection: Connection, caller: Caller, study: Row<'study'>): Promise<boolean> {
  if (caller.roles.some((role) => role !== 'reader')) return true
  return study.state !== 'draft' && (await readsIn(connection, study.id, caller.accountId))
}

export async function requireDraft(connection: Connection, studyId: string): Promise<Row<'study'>> {
  const study = await studyOf(connection, studyId)
  if (study.state !== 'draft')
    throw new ConcordError(
      'study-not-draft',
      'The study is open or sealed already; this can be changed in a draft only.',
    )
  return study
}

async function readersOf(connection: Connection, studyId: string): Promise<{ id: string; displayName: string }[]> {
  return connection
    .selectFrom('study_reader')
    .innerJoin('account', 'account.id', 'study_reader.account_id')
    .select(['account.id as id', 'account.display_name as displayName'])
    .where('study_reader.study_id', '=', studyId)
    .orderBy('account.display_name')
    .execute()
}

async function countScans(connection: Connection, studyId: string): Promise<{ reading: number; unread: number }> {
  const rows = await connection
    .selectFrom('scan')
    .select(({ fn }) => ['purpose', fn.countAll<number>().as('count')])
    .where('study_id', '=', studyId)
    .groupBy('purpose')
    .execute()
  const of = (purpose: string): number => Number(rows.find((r) => r.purpose === purpose)?.count ?? 0)
  return { reading: of('reading'), unread: of('unread') }
}
