import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Connection } from '../database.ts'
import type { Row } from '../schema.ts'
import {
  adjudicationDigest,
  earlier,
  labelSetDigester,
  modelRetiredDigest,
  predictionDigest,
  reportNoteDigest,
  reportSentDigest,
  runDigest,
  runResultDigest,
  seriesDigest,
} from './digests.ts'
import { modelDigest } from './groups.ts'
import { each, witness, words, type Witness, type Witnessed } from './witness.ts'

/** What is made of the votes: labels, models, what these said, and what left the house. */
export const ofResults: readonly Witness[] = [
  witness('adjudication', {
    ...{ word: 'adjudication', acts: ['scan.adjudicated'] },
    say: (rows) =>
      rows.map((row) => ({
        ...{ subject: row.id, digest: adjudicationDigest(row), earlier: [earlier.adjudication(row)] },
      })),
  }),
  witness('label_set', {
    ...{ word: 'label set', acts: ['labels.frozen'], also: ['label'] },
    say: (rows, connection) =>
      each(rows, async (set) => {
        const [now, before] = [labelSetDigester(set), earlier.labelSetDigester(set)]
        for await (const labels of labelsOf(connection, set)) for (const one of [now, before]) one.add(labels)
        return { subject: set.id, digest: now.digest(), earlier: [before.digest()] }
      }),
  }),
  witness('report_note', {
    ...{ word: 'note of a report', acts: ['report.note-written'] },
    say: (rows) =>
      rows.map((row) => ({ subject: row.id, digest: reportNoteDigest(row), earlier: [earlier.reportNote(row)] })),
  }),
  witness('report_sent', {
    ...{ word: 'record of a report that was sent', acts: ['pacs.report-sent'] },
    say: (rows, connection) =>
      each(rows, async (row) => {
        const label = await connection
          .selectFrom('label')
          .select('grade')
          .where('label_set_id', '=', row.label_set_id)
          .where('scan_id', '=', row.scan_id)
          .executeTakeFirst()
        const before = earlier.reportSent(row, label?.grade ?? null)
        return { subject: row.id, digest: reportSentDigest(row), earlier: [before] }
      }),
  }),
  witness('training_run', {
    ...{ word: 'training run', acts: ['training.started'], also: ['training_series_run'] },
    say: (rows, connection) =>
      each(rows, async (row) => {
        const step = await connection
          .selectFrom('training_series_run')
          .selectAll()
          .where('run_id', '=', row.id)
          .executeTakeFirst()
        return { subject: row.id, digest: runDigest(row, step ?? null), earlier: [earlier.run(row)] }
      }),
  }),
  witness('training_run', {
    ...{ name: 'training result', word: 'result of a training run', acts: ['training.ended'], newest: true },
    // Figures are written once, at the end.
    say: (rows) =>
      rows
        .filter(({ figures }) => figures !== null)
        .map((row) => ({ subject: row.id, digest: runResultDigest(row), parent: row.id })),
  }),
  witness('training_series', {
    ...{ word: 'series of training runs', acts: ['series.started'] },
    say: (rows) => rows.map((row) => ({ subject: row.id, digest: seriesDigest(row), earlier: [earlier.series(row)] })),
  }),
  witness('model', {
    ...{ word: 'model', acts: ['model.registered', 'model.imported', 'model.combined'] },
    also: ['model_member', 'held_out'],
    say: (rows, connection) =>
      each(rows, async (row) => ({
        ...{ subject: row.id, digest: await modelDigest(connection, row), earlier: [earlier.model(row)] },
      })),
  }),
  witness('model_retired', {
    ...{ word: 'retirement of a model', acts: ['model.retired'], key: 'model_id' },
    say: (rows) =>
      rows.map((row) => ({
        ...{ subject: row.model_id, digest: modelRetiredDigest(row), earlier: [earlier.modelRetired(row)] },
      })),
  }),
  predictions(),
]

/** Scans whose labels are read at a time: some milliseconds. */
const SCANS = 500

async function* labelsOf(connection: Connection, set: Row<'label_set'>) {
  let seen = 0
  for (let after = '', full = true; full; await nextTurn()) {
    const rows = await connection
      .selectFrom('scan')
      .leftJoin('label', (join) => join.onRef('label.scan_id', '=', 'scan.id').on('label.label_set_id', '=', set.id))
      .select(['scan.pseudonym', 'label.scan_id', 'label.grade', 'label.distribution', 'label.origin'])
      .where('scan.study_id', '=', set.study_id)
      .where('scan.pseudonym', '>', after)
      .orderBy('scan.pseudonym')
      .limit(SCANS)
      .execute()
    const labels = rows.flatMap(({ scan_id, grade, distribution, origin }) =>
      scan_id === null || grade === null || distribution === null || origin === null
        ? []
        : [{ scan_id, grade, distribution, origin }],
    )
    seen += labels.length
    yield labels
    after = rows.at(-1)?.pseudonym ?? after
    full = rows.length === SCANS
  }
  const { n } = await connection
    .selectFrom('label')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('label_set_id', '=', set.id)
    .executeTakeFirstOrThrow()
  if (Number(n) === seen) return
  // A label of a scan that is not there, or of another study's, belongs to the set too.
  yield await connection
    .selectFrom('label')
    .select(['scan_id', 'grade', 'distribution', 'origin'])
    .where('label_set_id', '=', set.id)
    .where('scan_id', 'not in', (of) => of.selectFrom('scan').select('id').where('study_id', '=', set.study_id))
    .orderBy('scan_id')
    .execute()
}

/** What the entry of a prediction names: a model says something of a scan once, and may say it anew. */
export const predictionSubject = (modelId: string, scanId: string): string => `${modelId} ${scanId}`

/** Predictions hold a text for each slice: never many at a time. */
function predictions(): Witness {
  const witnessed = (row: Row<'prediction'>): Witnessed => ({
    ...{ subject: predictionSubject(row.model_id, row.scan_id), digest: predictionDigest(row), parent: row.model_id },
  })
  return {
    ...words('prediction'),
    ...{ name: 'prediction', tables: ['prediction'], acts: ['prediction.made'], newest: true, many: false },
    async *rows(connection, portion) {
      const models = await connection
        .selectFrom('prediction')
        .select('model_id')
        .distinct()
        .orderBy('model_id')
        .execute()
      for (const { model_id } of models)
        for (let last = '', full = true; full;) {
          const rows = await connection
            .selectFrom('prediction')
            .selectAll()
            .where('model_id', '=', model_id)
            .where('scan_id', '>', last)
            .orderBy('scan_id')
            .limit(Math.min(portion, 100))
            .execute()
          yield* rows.map(witnessed)
          last = rows.at(-1)?.scan_id ?? last
          full = rows.length === Math.min(portion, 100)
        }
    },
    async of(connection, subject) {
      const [modelId = '', scanId = ''] = subject.split(' ')
      const rows = await connection
        .selectFrom('prediction')
        .selectAll()
        .where('model_id', '=', modelId)
        .where('scan_id', '=', scanId)
        .execute()
      return rows.map(witnessed)
    },
  }
}
