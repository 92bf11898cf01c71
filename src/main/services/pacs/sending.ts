import { createHash } from 'node:crypto'
import type { ReportKind, SendOutcome } from '../../../preload/contract/pacs.ts'
import { storeInstance } from '../../dicomweb/store.ts'
import { ConcordError } from '../../domain/error.ts'
import { reportFile } from '../../imaging/reports/document.ts'
import type { Finding } from '../../imaging/reports/measurement-report.ts'
import type { JobControl, Jobs } from '../../jobs/jobs.ts'
import { record } from '../../store/audit.ts'
import type { Database } from '../../store/database.ts'
import { newId, now } from '../../store/identity.ts'
import type { Row } from '../../store/schema.ts'
import { reportSentDigest } from '../../store/witness/digests.ts'
import { asksForCondition } from '../../../preload/contract/common.ts'
import { scaleOf, studyOf, type Caller } from '../context.ts'
import type { LabelRow, Labels } from '../settling/labels.ts'
import { pacsOf, type Places } from './places.ts'
import { createTracer, type Traced } from './trace.ts'

export interface SendRequest {
  pacsId: string
  labelSetId: string
  kinds: ReportKind[]
}

interface Due {
  label: LabelRow
  trace: Traced | null
  kinds: ReportKind[]
  sent: ReportKind[]
}

/** Failures that are one scan's own; every other one is the archive's and ends the work, to go on later. */
const ofOneScan = new Set([
  ...['pacs-no-date', 'pacs-not-found-again', 'pacs-not-found', 'pacs-patient-changed', 'pacs-incomplete'],
  ...['pacs-not-stored', 'pacs-refused', 'pacs-answer'],
])

const MOST_ROWS = 1000

/** Sends the consensus of a frozen label set back to an archive, a report a scan and kind, each once. */
export function createSending({
  db,
  jobs,
  labels,
  places,
  version,
}: {
  db: Database
  jobs: Jobs
  labels: Labels
  places: Places
  version: string
}) {
  const results = new Map<string, { accountId: string; rows: SendOutcome[] }>()

  /** What there is to send. Errors: `label-set-unknown`, `blinded`, `pacs-unknown`, `no-rescan-cut`. */
  async function due(caller: Caller, request: SendRequest) {
    const { set, labels: rows } = await labels.rows(caller, request.labelSetId)
    await pacsOf(db, request.pacsId)
    const study = await studyOf(db, set.study_id)
    const scale = scaleOf(study)
    if (request.kinds.includes('rescan') && (scale.rescanFrom === null || asksForCondition(scale)))
      throw new ConcordError('no-rescan-cut', 'The scale of this study has no grade that means "scan again".')
    const traces = await tracesOf(study.id)
    const sent = await db
      .selectFrom('report_sent')
      .select(['scan_id', 'kind'])
      .where('label_set_id', '=', set.id)
      .where('pacs_id', '=', request.pacsId)
      .execute()
    const sentOf = new Map<string, ReportKind[]>()
    for (const { scan_id, kind } of sent) sentOf.set(scan_id, [...(sentOf.get(scan_id) ?? []), kind])
    const scans = rows.map((label): Due => {
      const before = request.kinds.filter((kind) => sentOf.get(label.scanId)?.includes(kind))
      const kinds = request.kinds.filter((kind) => !before.includes(kind))
      return { label, trace: traces.get(label.scanId) ?? null, kinds, sent: before }
    })
    return { study, set, scale, scans }
  }

  async function tracesOf(studyId: string): Promise<Map<string, Traced>> {
    const rows = await db
      .selectFrom('scan_origin')
      .innerJoin('scan', 'scan.id', 'scan_origin.scan_id')
      .innerJoin('patient', 'patient.id', 'scan.patient_id')
      .leftJoin('scan_day', 'scan_day.scan_id', 'scan.id')
      .select(['scan.id', 'scan_origin.study_digest', 'scan_origin.series_digest'])
      .select(['scan_day.day', 'patient.source_digest'])
      .where('scan.study_id', '=', studyId)
      .execute()
    return new Map(rows.map(({ id, ...trace }) => [id, trace]))
  }

  return {
    /** What a person confirms before anything is sent. */
    async plan(caller: Caller, request: SendRequest) {
      const { scale, scans } = await due(caller, request)
      const cut = scale.rescanFrom
      return {
        scans: scans.filter(({ kinds, trace }) => trace && kinds.length > 0).length,
        reports: scans.reduce((sum, { kinds, trace }) => sum + (trace ? kinds.length : 0), 0),
        sentBefore: scans.reduce((sum, { sent }) => sum + sent.length, 0),
        untraceable: scans.filter(({ trace }) => !trace).length,
        rows: scans.slice(0, MOST_ROWS).map(({ label, trace, kinds, sent }) => ({
          ...{ pseudonym: label.pseudonym, grade: label.grade, rescan: cut === null ? null : label.grade >= cut },
          ...{ kinds: trace ? kinds : [], sent, traceable: trace !== null },
        })),
      }
    },

    /**
     * Sends what was not sent before. A report is recorded when the archive has confirmed it; one that was stored and not
     * recorded is the same instance when it is sent again.
     */
    async send(caller: Caller, request: SendRequest) {
      const { study, set, scale, scans } = await due(caller, request)
      const todo = scans.filter(({ kinds, trace }) => trace && kinds.length > 0)
      if (todo.length === 0) throw new ConcordError('nothing-to-report', 'There is no report left to send there.')
      await places.connected(caller, request.pacsId, () => Promise.resolve())
      const rows: SendOutcome[] = []

      async function work(control: JobControl): Promise<void> {
        const { signal } = control
        await places.connected(caller, request.pacsId, async (client) => {
          const find = createTracer(client, study)
          for (const [index, { label, trace, kinds }] of todo.entries()) {
            if (signal.aborted) return
            control.progress(index, todo.length, '')
            const row: SendOutcome = { pseudonym: label.pseudonym, sent: [], code: null, reason: null }
            rows.push(row)
            try {
              const original = await find(trace!, signal)
              for (const kind of kinds) {
                const key = `${set.id} ${label.scanId}`
                const finding = findingOf(kind, label, set, scale, study.template, version)
                const file = reportFile(finding, original, { key, at: new Date(set.created_at) })
                await storeInstance(client, file.bytes, file.uid, signal)
                await recordSent(caller, { set, label, pacsId: request.pacsId, kind })
                row.sent.push(kind)
              }
            } catch (error) {
              if (!(error instanceof ConcordError)) throw error
              Object.assign(row, { code: error.code, reason: error.message })
              if (!ofOneScan.has(error.code)) throw error
            }
          }
          control.progress(todo.length, todo.length, '')
        })
      }
      const { job, ended } = await jobs.start({ kind: 'send', studyId: study.id, accountId: caller.accountId }, work)
      results.set(job.id, { accountId: caller.accountId, rows })
      return { jobId: job.id, ended }
    },

    /** What became of each scan of a sending. Error: `job-unknown`. */
    sent(caller: Caller, jobId: string) {
      const result = results.get(jobId)
      if (result?.accountId !== caller.accountId)
        throw new ConcordError('job-unknown', 'There is no such sending in this session.')
      const failed = result.rows.filter(({ code }) => code !== null)
      const fine = result.rows.filter(({ code }) => code === null)
      return {
        sent: result.rows.reduce((sum, row) => sum + row.sent.length, 0),
        failed: failed.length,
        rows: [...failed, ...fine].slice(0, MOST_ROWS),
      }
    },
  }

  async function recordSent(
    caller: Caller,
    { set, label, pacsId, kind }: { set: Row<'label_set'>; label: LabelRow; pacsId: string; kind: ReportKind },
  ): Promise<void> {
    await db.transaction().execute(async (t) => {
      const row: Row<'report_sent'> = {
        ...{ id: newId(), label_set_id: set.id, scan_id: label.scanId, pacs_id: pacsId, kind },
        ...{ account_id: caller.accountId, sent_at: now() },
      }
      await t.insertInto('report_sent').values(row).execute()
      await record(t, {
        accountId: caller.accountId,
        act: 'pacs.report-sent',
        subject: row.id,
        rowDigest: reportSentDigest(row),
      })
    })
  }
}

function findingOf(
  kind: ReportKind,
  label: LabelRow,
  set: Row<'label_set'>,
  scale: ReturnType<typeof scaleOf>,
  template: string,
  version: string,
): Finding {
  const grade = scale.grades.find(({ value }) => value === label.grade)
  return {
    kind,
    grade: { value: label.grade, word: grade?.word ?? '' },
    scale: scaleKey(template, scale),
    rescanFrom: scale.rescanFrom,
    ...{ rule: set.rule, settled: label.origin === 'adjudicated' },
    ...{ site: label.site, side: label.side, version },
  }
}

const keys: Record<string, string> = { 'hrpqct-motion': 'motion', 'calcaneus-osteoporosis': 'osteo' }

/** Tells the codes of one scale from another's: by name for a template of ours, by its words for a department's own. */
const scaleKey = (template: string, scale: ReturnType<typeof scaleOf>): string =>
  keys[template] ??
  `s${createHash('sha256')
    .update(JSON.stringify([scale.grades.map(({ value, word }) => [value, word]), scale.rescanFrom]))
    .digest('hex')
    .slice(0, 8)}`
