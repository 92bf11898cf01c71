import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { ConcordError } from '../../domain/error.ts'
import { clearDrafts, draftOf } from '../../files/drafts.ts'
import { digestOf, record } from '../../store/audit.ts'
import type { Connection, Database } from '../../store/database.ts'
import { now } from '../../store/identity.ts'
import type { Row } from '../../store/schema.ts'
import type { Analysis } from '../analysis/index.ts'
import { auditHead, isUnblinded, scaleOf, studyOf, type Caller } from '../context.ts'
import { casesOf } from '../design-of.ts'
import { latestAdjudications } from '../votes/disputes.ts'
import type { Labels } from '../settling/labels.ts'
import type { Models } from '../models/index.ts'
import { analysisPy } from './analysis-py.ts'
import { analysisR } from './analysis-r.ts'
import { classColumns, classRows, figureColumns, scaleColumns } from './columns/figures.ts'
import { adjudicationColumns, labelColumns, truthColumns, type FrozenLabel, type KnownTruth } from './columns/labels.ts'
import { predictionColumns, type PredictedScan } from './columns/predictions.ts'
import { showingColumns, voteColumns } from './columns/votes.ts'
import { figureRows } from './figures.ts'
import { readmeText, type DescribedTable } from './readme.ts'
import { regionColumns, regionTable } from '../regions/tables.ts'
import { csvOf, type Column } from '../../domain/csv-table.ts'
import { truthOf } from '../settling/references.ts'
import { hasShowings } from '../votes/showings.ts'

interface Parts {
  db: Database
  analysis: Analysis
  labels: Labels
  models: Models
  version: string
}
export interface FolderWanted {
  studyId: string
  /** With the readers' names: only of an unblinded study, and recorded as such. */
  named: boolean
}
interface Table extends DescribedTable {
  text(): string | AsyncIterable<string>
}

/** In the order of writing. */
type File = readonly [name: string, text: () => string | AsyncIterable<string>]

/** A study as a folder that R and Python read as it is: tables, a README of their columns, scripts that compute it anew. */
export function createFolderExport({ db, analysis, labels, models, version }: Parts) {
  async function tablesOf(caller: Caller, { studyId, named }: FolderWanted, auditHead: string): Promise<Table[]> {
    const study = await studyOf(db, studyId)
    if (named) requireUnblinded(study)
    const scale = scaleOf(study)
    const overview = await analysis.overview(caller, studyId)
    const { parts } = await analysis.voteParts(caller, studyId)
    const sets = await labels.list(caller, studyId)
    async function* frozen(): AsyncGenerator<FrozenLabel[]> {
      for (const { id } of sets) {
        const { set, parts } = await labels.parts(caller, id)
        for await (const part of parts) yield part.map((row) => ({ ...row, set }))
      }
    }
    const predicted: PredictedScan[] = []
    for (const { id, name } of await models.list(caller, studyId))
      predicted.push(...(await models.predictions(caller, id)).map((row) => ({ ...row, model: name })))
    const scans = new Map((await settledScans(db, studyId)).map((scan) => [scan.id, scan]))
    const settled = [...(await latestAdjudications(db, studyId))].flatMap(([scanId, decision]) => {
      const scan = scans.get(scanId)
      return scan ? [{ pseudonym: scan.pseudonym, site: scan.site, side: scan.side, ...decision }] : []
    })
    const table = <Row>(file: string, what: string, columns: readonly Column<Row>[], rows: readonly Row[]): Table =>
      partTable(file, what, columns, pieces(rows))
    const truths = await knownTruths(db, studyId)
    const regions = await regionTable(db, studyId)
    const more = hasShowings(study, (await casesOf(db, studyId)).length) && (await isVotedOn(db, studyId))
    return [
      partTable(
        'votes.csv',
        'One row a vote that counts: the newest of its reader and scan.',
        voteColumns(named),
        parts,
      ),
      ...(more
        ? [
            partTable(
              'showings.csv',
              'One row a showing that was voted on: repeats, rounds, second votes and known cases beside the first votes.',
              showingColumns(named),
              await analysis.showingParts(caller, studyId),
            ),
          ]
        : []),
      partTable('labels.csv', 'One row a label, of every label set.', labelColumns(scale, auditHead), frozen()),
      table('predictions.csv', 'One row a scan that a model graded.', predictionColumns(scale), predicted),
      table('adjudications.csv', 'One row a disputed scan that the lead settled.', adjudicationColumns, settled),
      table('scale.csv', 'The grades of the study, lowest first.', scaleColumns(scale), scale.grades),
      table('figures.csv', "The figures of the lead's page.", figureColumns, figureRows(overview)),
      ...(overview.classes
        ? [table('classes.csv', 'Sensitivity and specificity.', classColumns, classRows(overview))]
        : []),
      ...(truths.length > 0
        ? [table('truth.csv', 'One row a scan whose true grade is known.', truthColumns, truths)]
        : []),
      ...(regions.length > 0
        ? [
            table(
              'regions.csv',
              'One row a region of interest: the newest of its placer and scan.',
              regionColumns,
              regions,
            ),
          ]
        : []),
    ]
  }

  return {
    /** A name for the folder of a study: its title in plain letters, and the day. */
    async nameOf(studyId: string): Promise<string> {
      const { title } = await studyOf(db, studyId)
      const plain = title.normalize('NFKD').replace(/[^A-Za-z0-9]+/g, '-')
      return `${plain.replace(/^-+|-+$/g, '').slice(0, 60) || 'study'}-${now().slice(0, 10)}`
    },

    /**
     * Writes the folder, all of it or nothing. Errors: `folder-not-empty`, `study-not-unblinded` (names), `output-unwritable`.
     */
    async write(caller: Caller, wanted: FolderWanted, path: string) {
      await requireEmpty(path)
      const before = (await auditHead(db, caller)) ?? '–'
      const study = await studyOf(db, wanted.studyId)
      const tables = await tablesOf(caller, wanted, before)
      // After the tables, when all their rows are counted.
      const readme = (): string =>
        readmeText({
          ...{ title: study.title, version, writtenAt: now(), auditHead: before, named: wanted.named, tables },
        })
      const files: File[] = [
        ...tables.map(({ file, text }): File => [file, text]),
        ['README.md', readme],
        ['analysis.R', () => analysisR],
        ['analysis.py', () => analysisPy],
      ]
      await writeAll(path, files)
      const rows = tables[0]!.rows
      const audit = await db.transaction().execute(async (t) => {
        await record(t, {
          accountId: caller.accountId,
          act: wanted.named ? 'exported.folder-with-names' : 'exported.folder',
          subject: wanted.studyId,
          rowDigest: digestOf(wanted.studyId, wanted.named, rows),
        })
        return auditHead(t, caller)
      })
      return { path, rows, audit }
    },
  }
}

/** A table whose rows are read while they are written, and counted. */
function partTable<Row>(
  file: string,
  what: string,
  columns: readonly Column<Row>[],
  parts: AsyncIterable<readonly Row[]>,
): Table {
  const { text, rows } = csvOf(columns, parts)
  return {
    ...{ file, what, columns, text },
    // Known when they are written.
    get rows() {
      return rows()
    },
  }
}

/** Rows made text at a time: some milliseconds. */
const ROWS = 500

async function* pieces<Row>(rows: readonly Row[]): AsyncGenerator<readonly Row[]> {
  for (let at = 0; at < rows.length; at += ROWS) {
    yield rows.slice(at, at + ROWS)
    await nextTurn()
  }
}

/** Whether anybody has voted in a study, on whatever showing. */
async function isVotedOn(connection: Connection, studyId: string): Promise<boolean> {
  const one = await connection
    .selectFrom('assignment')
    .select('id')
    .where('study_id', '=', studyId)
    .where('voted', '=', 1)
    .limit(1)
    .executeTakeFirst()
  return one !== undefined
}

async function knownTruths(connection: Connection, studyId: string): Promise<KnownTruth[]> {
  const known = await truthOf(connection, studyId)
  if (known.size === 0) return []
  const scans = await connection
    .selectFrom('scan')
    .select(['id', 'pseudonym', 'site', 'side'])
    .where('study_id', '=', studyId)
    .orderBy('pseudonym')
    .execute()
  return scans.flatMap(({ id, ...scan }) => (known.has(id) ? [{ ...scan, grade: known.get(id)! }] : []))
}

const settledScans = (connection: Connection, studyId: string) =>
  connection
    .selectFrom('scan')
    .select(['id', 'pseudonym', 'site', 'side'])
    .where('study_id', '=', studyId)
    .where('id', 'in', (query) => query.selectFrom('adjudication').select('scan_id').where('study_id', '=', studyId))
    .execute()

/** Names of readers leave the program from an unblinded study only. */
export function requireUnblinded(study: Row<'study'>): void {
  if (!isUnblinded(study))
    throw new ConcordError('study-not-unblinded', 'The readers can be named once the study is unblinded.')
}

async function requireEmpty(path: string): Promise<void> {
  const there = await readdir(path).catch((error: unknown) =>
    (error as NodeJS.ErrnoException).code === 'ENOENT' ? [] : null,
  )
  if (there === null)
    throw new ConcordError('output-unwritable', `${basename(path)} is no folder that can be written. Choose another.`)
  if (there.length > 0)
    throw new ConcordError(
      'folder-not-empty',
      `The folder ${basename(path)} is not empty. Choose another; nothing was written.`,
    )
}

/** Beside the place first, then in one step to it: half a folder is never there. */
async function writeAll(path: string, files: readonly File[]): Promise<void> {
  await clearDrafts(dirname(path))
  const partial = draftOf(path)
  try {
    await mkdir(partial, { recursive: true })
    for (const [name, text] of files) await writeFile(join(partial, name), text())
    await rm(path, { recursive: true, force: true })
    await rename(partial, path)
  } catch (error) {
    await rm(partial, { recursive: true, force: true })
    if (error instanceof ConcordError) throw error
    const why = (error as NodeJS.ErrnoException).code ?? String(error)
    throw new ConcordError(
      why === 'ENOSPC' ? 'disk-full' : 'output-unwritable',
      `The folder could not be written (${why}). Nothing was left there; choose another place.`,
    )
  }
}
