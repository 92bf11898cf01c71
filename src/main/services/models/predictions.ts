import type { Combination, Heat, Prediction } from '../../../preload/contract/models.ts'
import { combine, meanRow, mostProbable, normalisedEntropy } from '../../domain/evaluation/ensemble.ts'
import { scaledBy } from '../../domain/evaluation/temperature.ts'
import { ConcordError } from '../../domain/error.ts'
import type { JobControl, Jobs } from '../../jobs/jobs.ts'
import type { LearnerHost } from '../../learning/host.ts'
import type { RegionOfScan, ScanPrediction } from '../../learning/types.ts'
import { digestOf, record } from '../../store/audit.ts'
import { now } from '../../store/identity.ts'
import type { Row } from '../../store/schema.ts'
import { predictionDigest } from '../../store/witness/digests.ts'
import { predictionSubject } from '../../store/witness/results.ts'
import { domainScale, studyOf, type Caller, type ServiceBase } from '../context.ts'
import type { ModelRows, Scaling } from './rows.ts'
import { regionInputOf } from '../regions/input.ts'
import { networkRegions, regionsDigest } from '../regions/rows.ts'

/** Above this normalised entropy a scan goes on the list of the unsure: half of what no idea at all would be. */
export const unsureFrom = 0.5
/** So does one of which this share of an ensemble's networks says another grade, or for which two grades are tied. */
export const divided = 1 / 3

/** Scans graded at a time: what is done is kept when the work is stopped. */
const portion = 16

type ScanRow = Pick<Row<'scan'>, 'id' | 'content_sha256' | 'pseudonym'>

/** What is wrong with one scan's picture and says nothing of the others. */
const ofOneScan = new Set(['scan-constant', 'scan-not-a-number', 'volume-missing', 'cache-damaged'])

/** What models say of scans, apart from the votes: written by nobody but the learner, read by nobody who is blinded. */
export function createPredictions({
  db,
  announce,
  jobs,
  learner,
  volumePath,
  rows,
}: ServiceBase & { jobs: Jobs; learner: LearnerHost; volumePath(sha256: string): string; rows: ModelRows }) {
  /** Where the regions lie that a network sees; none for one that sees whole pictures. Error: `roi-missing`. */
  async function regionsFor(
    network: Row<'model'>,
    studyId: string,
    scans: readonly { id: string }[],
  ): Promise<Map<string, RegionOfScan>> {
    const how = regionInputOf(rows.folderOf(network))
    if (!how) return new Map()
    const ids = scans.map(({ id }) => id)
    return networkRegions(db, studyId, ids, how.from, '; this model sees nothing else')
  }

  /** Grades by one network, portion by portion; a scan whose picture cannot be graded is passed over and told of. */
  async function byNetwork(
    network: Row<'model'>,
    scans: ScanRow[],
    regions: ReadonlyMap<string, RegionOfScan>,
    control: JobControl,
    report: (done: number, stage: string) => void,
    kept: (predictions: ScanPrediction[]) => Promise<void>,
    passedOver: (scan: ScanRow, error: ConcordError) => void,
  ): Promise<void> {
    const grade = (part: ScanRow[], at: number): Promise<ScanPrediction[]> =>
      learner.infer(
        {
          modelFolder: rows.folderOf(network),
          sha256: network.sha256,
          rescanFrom: null,
          scans: part.map((s) => {
            const region = regions.get(s.id)
            return { scanId: s.id, cachePath: volumePath(s.content_sha256), ...(region ? { region } : {}) }
          }),
        },
        { signal: control.signal, onProgress: (progress) => report(at + progress.done, progress.stage) },
      )
    const unusable = (error: unknown): error is ConcordError =>
      error instanceof ConcordError && ofOneScan.has(error.code)
    for (let at = 0; at < scans.length; at += portion) {
      const part = scans.slice(at, at + portion)
      try {
        await kept(await grade(part, at))
      } catch (error) {
        if (!unusable(error)) throw error
        for (const [i, scan] of part.entries()) {
          const graded = await grade([scan], at + i).catch((own: unknown) => {
            if (!unusable(own)) throw own
            passedOver(scan, own)
            return []
          })
          await kept(graded)
        }
      }
    }
  }

  async function work(
    caller: Caller,
    row: Row<'model'>,
    scans: ScanRow[],
    rule: Combination,
    control: JobControl,
    studyId: string,
  ) {
    const networks = await rows.networks(row)
    const scaling = await rows.scaling(row)
    const classes = domainScale(await studyOf(db, row.study_id)).categories
    const total = scans.length * networks.length
    const seen: string[] = []
    const said: [string, number][] = []
    const keep = async (scanId: string, answers: ScanPrediction[]): Promise<void> => {
      const prediction = scanPrediction(answers, classes, rule, networks.length > 1 ? rows.ruleOf(row) : null, scaling)
      said.push([scanId, prediction.grade])
      const values = { ...prediction, at: now() }
      const made = { model_id: row.id, scan_id: scanId, ...values }
      // What was graded before the work is stopped stays: each has its own entry.
      await db.transaction().execute(async (t) => {
        await t
          .insertInto('prediction')
          .values(made)
          .onConflict((c) => c.columns(['model_id', 'scan_id']).doUpdateSet(values))
          .execute()
        await record(t, {
          accountId: caller.accountId,
          act: 'prediction.made',
          subject: predictionSubject(row.id, scanId),
          rowDigest: predictionDigest(made),
        })
      })
    }
    const answers = new Map(scans.map((scan) => [scan.id, [] as ScanPrediction[]]))
    const unusable = new Map<string, string>()
    for (const [place, network] of networks.entries()) {
      const before = place * scans.length
      const report = (done: number, stage: string): void =>
        control.progress(before + done, total, networks.length > 1 ? `${place + 1} / ${networks.length}` : stage)
      const regions = await regionsFor(network, studyId, scans)
      if (regions.size > 0)
        seen.push(regionsDigest(scans.map((s) => ({ content: s.content_sha256, region: regions.get(s.id)! }))))
      await byNetwork(
        network,
        scans,
        regions,
        control,
        report,
        async (predictions) => {
          for (const one of predictions) {
            const own = answers.get(one.scanId)!
            own.push(one)
            if (own.length < networks.length) continue
            await keep(one.scanId, own)
            answers.delete(one.scanId)
          }
        },
        ({ id, pseudonym }, { message }) => unusable.set(pseudonym, message.replaceAll(id, pseudonym)),
      )
    }
    await db.transaction().execute((t) =>
      record(t, {
        accountId: caller.accountId,
        act: 'model.predicted',
        subject: row.id,
        rowDigest: digestOf(row.id, said, ...seen),
      }),
    )
    control.progress(total, total, '')
    announce.studyChanged(studyId)
    if (unusable.size > 0) throw notGraded(unusable, scans.length)
  }

  return {
    /**
     * Grades scans as a job; what was graded before it is stopped stays. Errors: `no-scans`, `model-retired`, `roi-missing`.
     * @param request `studyId`: another study whose scans the model is to grade, for paired reading; else the model's own.
     */
    async predict(
      caller: Caller,
      request: {
        modelId: string
        scope: 'unread' | 'all' | 'reading'
        rule?: Combination | undefined
        studyId?: string
      },
    ): Promise<{ jobId: string; ended: Promise<void> }> {
      const row = await rows.of(caller, request.modelId)
      await rows.requireInUse(row)
      const studyId = request.studyId ?? row.study_id
      const scans = await db
        .selectFrom('scan')
        .select(['id', 'content_sha256', 'pseudonym'])
        .where('study_id', '=', studyId)
        .$if(request.scope !== 'all', (q) => q.where('purpose', '=', request.scope as Row<'scan'>['purpose']))
        .orderBy('pseudonym')
        .execute()
      if (scans.length === 0)
        throw new ConcordError(
          'no-scans',
          'There is no scan for the network to grade. Import some and keep them for it.',
        )
      for (const network of await rows.networks(row)) await regionsFor(network, studyId, scans)
      const { job, ended } = await jobs.start({ kind: 'inference', studyId, accountId: caller.accountId }, (control) =>
        work(caller, row, scans, request.rule ?? 'mean', control, studyId),
      )
      return { jobId: job.id, ended }
    },

    async predictions(caller: Caller, modelId: string): Promise<Prediction[]> {
      const model = await rows.of(caller, modelId)
      const found = await db
        .selectFrom('prediction')
        .innerJoin('scan', 'scan.id', 'prediction.scan_id')
        .selectAll('prediction')
        .select(['scan.pseudonym', 'scan.site', 'scan.side', 'scan.purpose'])
        .where('model_id', '=', model.id)
        // What it said of another study's scans belongs to that study's readers.
        .where('scan.study_id', '=', model.study_id)
        .orderBy('uncertainty', 'desc')
        .execute()
      return found.map((p) => ({
        scanId: p.scan_id,
        pseudonym: p.pseudonym,
        site: p.site,
        side: p.side,
        grade: p.grade,
        expectedGrade: p.expected_grade,
        uncertainty: p.uncertainty,
        unsure: isUnsure(p),
        rule: p.rule,
        tie: p.tie === 1,
        sliceDisagreement: p.slice_disagreement,
        memberDisagreement: p.member_disagreement,
        withReaders: p.purpose === 'reading',
        probabilities: JSON.parse(p.probabilities) as number[],
        slices: JSON.parse(p.slices) as Prediction['slices'],
      }))
    },

    /** Grad-CAM of one slice, by one network. Errors: `heat-of-ensemble`, `scan-unknown`, `slice-unknown`, `grade-unknown`, `roi-missing`. */
    async heat(
      caller: Caller,
      request: { modelId: string; scanId: string; slice: number; grade: number | null },
    ): Promise<Heat> {
      const row = await rows.of(caller, request.modelId)
      if (row.origin === 'ensemble')
        throw new ConcordError('heat-of-ensemble', 'Choose one of the networks of the ensemble: each looks elsewhere.')
      const scan = await db
        .selectFrom('scan')
        .select('content_sha256')
        .where('id', '=', request.scanId)
        .where('study_id', '=', row.study_id)
        .executeTakeFirst()
      if (!scan) throw new ConcordError('scan-unknown', 'There is no such scan in the study of this model.')
      const region = (await regionsFor(row, row.study_id, [{ id: request.scanId }])).get(request.scanId)
      return learner.heat({
        ...(region ? { region } : {}),
        modelFolder: rows.folderOf(row),
        sha256: row.sha256,
        cachePath: volumePath(scan.content_sha256),
        slice: request.slice,
        grade: request.grade,
      })
    },
  }
}

/** Said at the end: the others are graded. */
function notGraded(unusable: ReadonlyMap<string, string>, of: number): ConcordError {
  const some = [...unusable].slice(0, 5).map(([name, message]) => `${name} (${message.replace(/\.$/, '')})`)
  const more = unusable.size > some.length ? ` and ${unusable.size - some.length} more` : ''
  return new ConcordError(
    'scans-not-graded',
    `${unusable.size} of ${of} scans could not be graded, all others were: ${some.join(', ')}${more}.`,
  )
}

export const isUnsure = (p: Pick<Row<'prediction'>, 'uncertainty' | 'member_disagreement' | 'tie'>): boolean =>
  p.uncertainty >= unsureFrom || p.tie === 1 || (p.member_disagreement ?? 0) >= divided

/**
 * One scan's row. Each network's slices become its answer by `rule`; with several networks their answers become one by
 * `among`, and the slices shown are the mean over the networks where all looked at the same ones. The scan's probabilities are
 * scaled, and what is read from them with them; the slices' are not, and no network's grade changes by it.
 */
function scanPrediction(
  answers: readonly ScanPrediction[],
  classes: readonly number[],
  rule: Combination,
  among: Combination | null,
  scaling: Scaling,
) {
  const each = answers.map(({ slices }) =>
    combine(
      slices.map((slice) => slice.probabilities),
      rule,
    ),
  )
  const own = each.map(({ probabilities }, i) => scaledBy(probabilities, scaling.networks[i]!))
  // A network that decided by majority of slices votes for the grade it decided for.
  const named = each.map(({ label }) => label)
  const whole = among === null ? each[0]! : combine(own, among, named)
  const probabilities = scaledBy(among === null ? own[0]! : whole.probabilities, scaling.whole)
  const first = answers[0]!
  const alike = answers.every((one) => one.slices.every((s, i) => s.slice === first.slices[i]?.slice))
  const slices = first.slices.map((slice, i) => ({
    index: slice.slice,
    probabilities: alike ? meanRow(answers.map((one) => one.slices[i]!.probabilities)) : slice.probabilities,
  }))
  const disagreeing = slices.filter((slice) => mostProbable(slice.probabilities) !== whole.label)
  return {
    grade: classes[whole.label]!,
    expected_grade: probabilities.reduce((sum, p, k) => sum + p * classes[k]!, 0),
    uncertainty: normalisedEntropy(probabilities),
    rule: among ?? rule,
    tie: (among ?? rule) === 'majority' && whole.tie ? 1 : 0,
    slice_disagreement: disagreeing.length / slices.length,
    member_disagreement: among === null ? null : named.filter((label) => label !== whole.label).length / named.length,
    probabilities: JSON.stringify(probabilities),
    slices: JSON.stringify(slices),
    members: among === null ? null : JSON.stringify(own),
  }
}
