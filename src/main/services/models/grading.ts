import type { Combination } from '../../../preload/contract/models.ts'
import { ConcordError } from '../../domain/error.ts'
import type { JobControl } from '../../jobs/jobs.ts'
import type { LearnerHost } from '../../learning/host.ts'
import type { RegionOfScan, ScanPrediction } from '../../learning/types.ts'
import { digestOf, record } from '../../store/audit.ts'
import { now } from '../../store/identity.ts'
import type { Row } from '../../store/schema.ts'
import { predictionDigest } from '../../store/witness/digests.ts'
import { predictionSubject } from '../../store/witness/results.ts'
import { domainScale, studyOf, type Caller, type ServiceBase } from '../context.ts'
import { regionInputOf } from '../regions/input.ts'
import { networkRegions, regionsDigest } from '../regions/rows.ts'
import type { ModelRows } from './rows.ts'
import { scanPrediction } from './scan-prediction.ts'

/** Scans graded at a time: what is done is kept when the work is stopped. */
const portion = 16

export type ScanRow = Pick<Row<'scan'>, 'id' | 'content_sha256' | 'pseudonym'>

/** What is wrong with one scan's picture and says nothing of the others. */
const ofOneScan = new Set(['scan-constant', 'scan-not-a-number', 'volume-missing', 'cache-damaged'])

export interface GradingParts extends ServiceBase {
  learner: LearnerHost
  volumePath(sha256: string): string
  rows: ModelRows
}

/** Grades scans by a model, network by network, and keeps what it says as soon as all of its networks have said it. */
export function createGrading({ db, announce, learner, volumePath, rows }: GradingParts) {
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

  return { regionsFor, work }
}

/** Said at the end: the others are graded. */
function notGraded(unusable: ReadonlyMap<string, string>, of: number): ConcordError {
  const some = [...unusable]
    .slice(0, 5)
    .map(([name, message]) => `${name} (${message.replace(`Scan ${name}: `, '').replace(/\.$/, '')})`)
  const more = unusable.size > some.length ? ` and ${unusable.size - some.length} more` : ''
  return new ConcordError(
    'scans-not-graded',
    `${unusable.size} of ${of} scans could not be graded, all others were: ${some.join(', ')}${more}.`,
  )
}
