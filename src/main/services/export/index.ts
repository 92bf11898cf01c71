import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { csvText } from '../../domain/csv.ts'
import { ConcordError } from '../../domain/error.ts'
import { calibrationRows, comparisonRows, confusionRows, figureRows } from '../../domain/evaluation/tables.ts'
import type { Database } from '../../store/database.ts'
import { digestOf, record } from '../../store/audit.ts'
import { bootstrapResamples, bootstrapSeed, type Analysis } from '../analysis/index.ts'
import { auditHead, scaleOf, studyOf, type AskWhere, type Caller } from '../context.ts'
import { labelColumns } from './columns/labels.ts'
import { voteColumns } from './columns/votes.ts'
import { createFolderExport, requireUnblinded, type FolderWanted } from './folder.ts'
import { writeOut } from '../../files/write-out.ts'
import { csvOf, type Cell } from '../../domain/csv-table.ts'
import type { Labels } from '../settling/labels.ts'
import type { Models } from '../models/index.ts'
import { createQuality } from '../analysis/quality.ts'
import { reportHtml } from '../report/index.ts'
import { factsOf, notesOf, settledOf } from '../report/facts.ts'
import type { Sealing } from '../sealing/index.ts'
import type { ReportLanguage } from '../report/format.ts'

export type EvaluationTable = 'figures' | 'confusion' | 'calibration'

/** Disputed scans that a report lists; the exported folder has all of them. */
const annexRows = 200

export interface ReportWanted {
  studyId: string
  language?: ReportLanguage | undefined
}

/** Prints a page of HTML as a PDF. */
export type PrintPdf = (html: string) => Promise<Uint8Array>

/** What leaves the program as files: pseudonyms and letters or readers' names, never a patient's identity. */
export function createExports({
  db,
  sealing,
  analysis,
  labels,
  models,
  version,
}: {
  db: Database
  analysis: Analysis
  labels: Labels
  models: Models
  sealing: Sealing
  version: string
}) {
  const folders = createFolderExport({ db, analysis, labels, models, version })

  /** As a table, some labels at a time. */
  async function labelTable(caller: Caller, labelSetId: string) {
    const { set, parts } = await labels.parts(caller, labelSetId)
    const scale = scaleOf(await studyOf(db, set.study_id))
    const columns = labelColumns(scale, (await auditHead(db, caller)) ?? '')
    const inSet = async function* () {
      for await (const part of parts) yield part.map((row) => ({ ...row, set }))
    }
    return csvOf(columns, inSet())
  }

  async function predictions(caller: Caller, modelId: string): Promise<Cell[][]> {
    const rows = await models.predictions(caller, modelId)
    const width = rows[0]?.probabilities.length ?? 0
    const grades = Array.from({ length: width }, (_, i) => `p${i + 1}`)
    const how = ['rule', 'tie', 'slice_disagreement', 'network_disagreement', 'unsure']
    return [
      ['subject', 'grade', 'expected_grade', 'uncertainty', ...grades, ...how],
      ...rows.map((p) => [
        ...[p.pseudonym, p.grade, p.expectedGrade, p.uncertainty, ...p.probabilities],
        ...[p.rule, p.tie ? 1 : 0, p.sliceDisagreement, p.memberDisagreement, p.unsure ? 1 : 0],
      ]),
    ]
  }

  async function evaluationRows(caller: Caller, modelId: string, table: EvaluationTable): Promise<Cell[][]> {
    const evaluation = await models.evaluation(caller, modelId)
    if (!evaluation)
      throw new ConcordError('no-evaluation', 'There are no scans with labels that this model did not learn from.')
    if (table === 'figures') return figureRows(evaluation)
    if (table === 'calibration') return calibrationRows(evaluation)
    return confusionRows(evaluation)
  }

  /** Writes rows to the file the person names, and keeps in the audit trail that they left. */
  async function save(caller: Caller, what: string, subject: string, rows: Cell[][], ask: AskWhere) {
    const path = await ask(`${what}.csv`)
    if (path === null) return { path, rows: null, audit: null }
    await writeOut(path, csvText(rows[0] as string[], rows.slice(1)))
    return { path, rows: rows.length - 1, audit: await left(caller, what, subject, rows.length - 1) }
  }

  /** Resolves with the end of the audit chain, which proves later that nothing before it was changed. */
  const left = (caller: Caller, what: string, subject: string, rows: number): Promise<string | null> =>
    db.transaction().execute(async (t) => {
      await record(t, {
        accountId: caller.accountId,
        act: `exported.${what}`,
        subject,
        rowDigest: digestOf(what, subject, rows),
      })
      return auditHead(t, caller)
    })

  return {
    /** Readers are letters unless their names are asked for, which an unblinded study alone allows. */
    async votes(caller: Caller, studyId: string, ask: AskWhere, named = false) {
      const { study, parts } = await analysis.voteParts(caller, studyId)
      if (named) requireUnblinded(study)
      const what = named ? 'votes-with-names' : 'votes'
      const path = await ask(`${what}.csv`)
      if (path === null) return { path, rows: null, audit: null }
      const { text, rows } = csvOf(voteColumns(named), parts)
      await writeOut(path, text())
      return { path, rows: rows(), audit: await left(caller, what, studyId, rows()) }
    },
    /** Everything of a study in a new folder within the one that the person names. */
    async folder(caller: Caller, wanted: FolderWanted, choose: () => Promise<string | null>) {
      await analysis.voteParts(caller, wanted.studyId)
      const parent = await choose()
      if (parent === null) return { path: null, rows: null, audit: null }
      return folders.write(caller, wanted, await freeName(join(parent, await folders.nameOf(wanted.studyId))))
    },
    /** The same into a folder by its path, which must be new or empty. */
    folderAt: (caller: Caller, wanted: FolderWanted, path: string) => folders.write(caller, wanted, path),
    async labels(caller: Caller, labelSetId: string, ask: AskWhere) {
      const { text, rows } = await labelTable(caller, labelSetId)
      const path = await ask('labels.csv')
      if (path === null) return { path, rows: null, audit: null }
      await writeOut(path, text())
      return { path, rows: rows(), audit: await left(caller, 'labels', labelSetId, rows()) }
    },
    async predictions(caller: Caller, modelId: string, ask: AskWhere) {
      return save(caller, 'predictions', modelId, await predictions(caller, modelId), ask)
    },
    /** One table of a model's figures on held-out scans. Error: `no-evaluation`. */
    async evaluation(caller: Caller, modelId: string, table: EvaluationTable, ask: AskWhere) {
      return save(caller, `model-${table}`, modelId, await evaluationRows(caller, modelId, table), ask)
    },
    /** Every difference between models with its test. */
    async comparison(caller: Caller, modelIds: string[], ask: AskWhere) {
      const { models: compared, pairs } = await models.compare(caller, modelIds)
      const nameOf = (id: string): string => compared.find(({ model }) => model.id === id)!.model.name
      const rows = comparisonRows(
        pairs.map(({ first, second, comparison }) => ({
          ...{ first: nameOf(first), second: nameOf(second) },
          comparison,
        })),
      )
      return save(caller, 'model-comparison', modelIds.join(','), rows, ask)
    },
    /** The agreement object of the headless command, as JSON. */
    async agreement(caller: Caller, studyId: string, ask: AskWhere) {
      const report = await analysis.agreement(caller, studyId)
      const path = await ask('agreement.json')
      if (path === null) return { path, rows: null, audit: null }
      await writeOut(path, `${JSON.stringify(report, null, 2)}\n`)
      return { path, rows: null, audit: await left(caller, 'agreement', studyId, 1) }
    },

    /** The report as a page of HTML, in English or German. */
    async reportPage(caller: Caller, { studyId, language = 'en' }: ReportWanted): Promise<string> {
      const study = await studyOf(db, studyId)
      const { rows: disputed } = await analysis.disputedPage(caller, {
        ...{ studyId, only: { acrossCut: false, unsettled: false, conflict: false } },
        ...{ order: { by: 'dispute', down: true }, offset: 0, limit: annexRows },
      })
      return reportHtml({
        ...{ language, version, disputed },
        audit: (await auditHead(db, caller)) ?? '–',
        printedAt: new Date(),
        overview: await analysis.overview(caller, studyId),
        settled: await settledOf(db, studyId),
        labelSets: await labels.list(caller, studyId),
        models: await models.list(caller, studyId),
        quality: await createQuality({ db, sealing }).of(caller, studyId),
        facts: await factsOf(db, study, { resamples: bootstrapResamples, seed: bootstrapSeed }),
        notes: await notesOf(db, studyId),
      })
    },
    async report(caller: Caller, wanted: ReportWanted, ask: AskWhere, print: PrintPdf) {
      const html = await this.reportPage(caller, wanted)
      const path = await ask('report.pdf')
      if (path === null) return { path, rows: null, audit: null }
      await writeOut(path, await print(html))
      return { path, rows: null, audit: await left(caller, 'report', wanted.studyId, 1) }
    },
  }
}

/** The path itself, or with the first number behind it that is not taken. */
async function freeName(path: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? path : `${path}-${number}`
    if (
      await access(name).then(
        () => false,
        () => true,
      )
    )
      return name
  }
}
