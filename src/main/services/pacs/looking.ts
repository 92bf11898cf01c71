import { join } from 'node:path'
import { rm } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import type { Criteria, PacsSeries, PacsStudy } from '../../../preload/contract/pacs.ts'
import { searchStudies, seriesOf, type Study } from '../../dicomweb/query.ts'
import { retrieveSeries } from '../../dicomweb/retrieve.ts'
import { digestOf, record } from '../../store/audit.ts'
import type { Database } from '../../store/database.ts'
import { ConcordError } from '../../domain/error.ts'
import { studyOf, type Caller } from '../context.ts'
import { seriesDigest } from '../scans/origins.ts'
import type { Scans } from '../scans/index.ts'
import type { Places } from './places.ts'

/** Studies of one page, and how many a search by body part asks for their series until a page is full. */
const PAGE = 25
const MOST_ASKED = 200

export interface WantedSeries {
  studyUid: string
  uid: string
  instances: number | null
  label: string
}

/** Failures that are one series' own; every other one is the archive's and ends the work, to go on later. */
const ofOneSeries = new Set([
  ...['pacs-not-found', 'pacs-incomplete', 'pacs-wrong-instance', 'pacs-refused'],
  ...['pacs-answer', 'pacs-too-large', 'pacs-failing'],
])

/** Searching an archive and fetching from it. What it says of patients goes to whoever asked and nowhere else. */
export function createLooking({ db, places, scans }: { db: Database; places: Places; scans: Scans }) {
  /** The scan of the study that a series is already, if any. */
  async function scanOf(studyId: string, uid: string): Promise<{ id: string; pseudonym: string } | null> {
    const study = await studyOf(db, studyId)
    const row = await db
      .selectFrom('scan_origin')
      .innerJoin('scan', 'scan.id', 'scan_origin.scan_id')
      .select(['scan.id', 'scan.pseudonym'])
      .where('scan.study_id', '=', studyId)
      .where('scan_origin.series_digest', '=', seriesDigest(study, uid))
      .orderBy('scan.pseudonym')
      .executeTakeFirst()
    return row ?? null
  }

  return {
    /** One page of studies; that somebody searched is recorded, not for whom. */
    async search(caller: Caller, request: { pacsId: string; criteria: Criteria; offset: number }) {
      const { bodyPart, ...criteria } = request.criteria
      return places.asked(caller, request.pacsId, async (client, signal) => {
        if (request.offset === 0)
          await db.transaction().execute((t) =>
            record(t, {
              ...{ accountId: caller.accountId, act: 'pacs.searched', subject: request.pacsId },
              rowDigest: digestOf(request.pacsId),
            }),
          )
        const studies: PacsStudy[] = []
        let { offset } = request
        // No level of a study has a body part: its series are asked.
        for (let asked = 0; studies.length < PAGE && asked < MOST_ASKED;) {
          const page = (await searchStudies(client, criteria, { offset, limit: PAGE }, signal)).slice(0, PAGE)
          for (const study of page) {
            const fits = bodyPart === '' || (await seriesOf(client, study.uid, bodyPart, signal)).length > 0
            if (fits) studies.push(study)
            offset++
            asked++
            if (studies.length === PAGE) break
          }
          if (page.length < PAGE && studies.length < PAGE) return { studies, next: null }
        }
        return { studies: studies satisfies Study[], next: offset }
      })
    },

    /** The series of a study as the archive lists them. */
    seriesIn: (caller: Caller, pacsId: string, studyUid: string, bodyPart: string) =>
      places.asked(caller, pacsId, (client, signal) => seriesOf(client, studyUid, bodyPart, signal)),

    async series(
      caller: Caller,
      request: { pacsId: string; studyId: string; studyUid: string; bodyPart: string },
    ): Promise<PacsSeries[]> {
      await studyOf(db, request.studyId)
      const found = await places.asked(caller, request.pacsId, (client, signal) =>
        seriesOf(client, request.studyUid, request.bodyPart, signal),
      )
      return Promise.all(
        found.map(async (one) => ({
          ...one,
          imported: (await scanOf(request.studyId, one.uid))?.pseudonym ?? null,
        })),
      )
    },

    /** Fetches series one after another into a preview; one that is in the study already is not fetched again. */
    async retrieve(
      caller: Caller,
      request: { pacsId: string; studyId: string; series: WantedSeries[]; previewId: string | null },
    ) {
      // Whether the archive is set up and its credential there is said at once, not by a job that fails.
      await places.connected(caller, request.pacsId, () => Promise.resolve())
      return scans.previewBrought(caller, request, async ({ control, folder, done, look, refuse, known }) => {
        const { signal } = control
        const total = request.series.length
        await places.connected(caller, request.pacsId, async (client) => {
          for (const [index, one] of request.series.entries()) {
            if (signal.aborted) return
            control.progress(index, total, '')
            if (done.has(one.uid)) continue
            const there = await scanOf(request.studyId, one.uid)
            if (there) {
              await known(one.uid, one.label, there.id)
              continue
            }
            const into = join(folder, createHash('sha256').update(one.uid).digest('hex').slice(0, 16))
            const wanted = { studyUid: one.studyUid, seriesUid: one.uid, instances: one.instances }
            try {
              await retrieveSeries(client, wanted, into, {
                signal,
                onProgress: (got, of) =>
                  control.progress(index + (0.9 * got) / Math.max(1, of), total, `${got} / ${of}`),
              })
            } catch (error) {
              if (!(error instanceof ConcordError) || !ofOneSeries.has(error.code)) throw error
              await rm(into, { recursive: true, force: true })
              refuse(one.uid, one.label, error)
              continue
            }
            await look(one.uid, into, one.label)
          }
          control.progress(total, total, '')
        })
      })
    },
  }
}
