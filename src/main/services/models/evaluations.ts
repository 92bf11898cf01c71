import type { Combination, Comparison, Evaluation, Pair } from '../../../preload/contract/models.ts'
import { combine, normalisedEntropy } from '../../domain/evaluation/ensemble.ts'
import type { GradedScan } from '../../domain/evaluation/graded.ts'
import type { ReaderGrades } from '../../domain/evaluation/readers.ts'
import { scaledBy, unscaledFrom, type FittedScan } from '../../domain/evaluation/temperature.ts'
import { ConcordError } from '../../domain/error.ts'
import { readCard, readDescription } from '../../learning/model-file.ts'
import type { Evaluator } from '../../statistics/evaluator.ts'
import type { Connection } from '../../store/database.ts'
import type { Row } from '../../store/schema.ts'
import { domainScale, studyOf, type Caller, type ServiceBase } from '../context.ts'
import type { ModelRows } from './rows.ts'
import { unsureFrom } from './predictions.ts'
import type { VoteReader } from '../sealing/index.ts'
import { countingVotes } from '../votes/counting.ts'

/** The same scans give the same intervals each time. */
const resampling = { resamples: 1000, seed: 1 } as const

type Part = Evaluation['part']
/** What a model said of scans that it did not learn from, without their labels. */
interface Said {
  scanId: string
  part: Part
  grade: number
  /** As the networks gave them, and as people get them (temperature.ts). */
  probabilities: number[]
  scaled: number[]
}
type Judged = GradedScan & { scaled: readonly number[] }

/**
 * How good models are, computed each time from what they said of scans that they never learned from, and from the frozen
 * labels of these.
 */
export function createEvaluations({
  db,
  sealing,
  evaluator,
  rows,
}: ServiceBase & { evaluator: Evaluator; rows: ModelRows }) {
  async function heldOut(row: Row<'model'>): Promise<Said[]> {
    const found = await db
      .selectFrom('held_out')
      .selectAll()
      .where('model_id', '=', row.id)
      .orderBy('scan_id')
      .execute()
    const { whole } = await rows.scaling(row)
    return found.map(({ scan_id: scanId, part, grade, ...one }) => {
      const probabilities = JSON.parse(one.probabilities) as number[]
      return { scanId, part, grade, probabilities, scaled: scaledBy(probabilities, whole) }
    })
  }

  /**
   * An ensemble on the scans that all of its networks held out. Folds of a cross-validation have none in common: there each
   * scan is graded by the networks alone that were tested on it.
   */
  async function ofEnsemble(row: Row<'model'>): Promise<Said[]> {
    const each = await Promise.all((await rows.members(row)).map(said))
    const rule = rows.ruleOf(row)
    const { own, temperature } = ownTemperature(row)
    const { categories } = domainScale(await studyOf(db, row.study_id))
    const together = (answers: Said[], part: Part): Said => {
      const named = answers.map(({ grade }) => categories.indexOf(grade))
      const plain = combine(
        answers.map((one) => one.probabilities),
        rule,
        named,
      )
      // One temperature for the combined answer changes no grade; a network's own changes what it weighs in a mean.
      const scaled = combine(
        answers.map((one) => one.scaled),
        rule,
        named,
      )
      const { label } = own ? plain : scaled
      return {
        ...{ scanId: answers[0]!.scanId, part, grade: categories[label]!, probabilities: plain.probabilities },
        scaled: own ? scaledBy(plain.probabilities, temperature) : scaled.probabilities,
      }
    }
    const inAll = (part: Said['part']): Said[] =>
      common(each.map((answers) => answers.filter((one) => one.part === part))).map((answers) =>
        together(answers, part),
      )
    const shared = inAll('test')
    if (shared.length > 0) return [...shared, ...inAll('validation')]
    const tested = new Map<string, Said[]>()
    for (const one of each.flat())
      if (one.part === 'test') tested.set(one.scanId, [...(tested.get(one.scanId) ?? []), one])
    if (tested.size > 0) return [...tested.values()].map((answers) => together(answers, 'folds'))
    // Networks that were brought here have graded the same scans; others may have no test part at all.
    const here = inAll('here')
    return here.length > 0 ? here : inAll('validation')
  }

  /** An imported model on the scans it has graded here, those apart that its card says it learned from. */
  async function ofImport(row: Row<'model'>): Promise<Said[]> {
    const split = readCard(rows.folderOf(row))['split'] as { scans?: Record<string, string> } | undefined
    const found = await db
      .selectFrom('prediction')
      .innerJoin('scan', 'scan.id', 'prediction.scan_id')
      .select(['scan.id as scanId', 'scan.content_sha256 as content', 'prediction.grade', 'prediction.probabilities'])
      .where('prediction.model_id', '=', row.id)
      .where('scan.study_id', '=', row.study_id)
      .orderBy('scan.id')
      .execute()
    const { whole } = await rows.scaling(row)
    return found
      .filter(({ content }) => (split?.scans?.[content] ?? 'test') === 'test')
      .map(({ scanId, grade, probabilities }) => {
        const scaled = JSON.parse(probabilities) as number[]
        return { scanId, grade, part: 'here' as const, probabilities: unscaledFrom(scaled, whole), scaled }
      })
  }

  /** Whether an ensemble has a choice of its own, made on its combined answers. */
  function ownTemperature(row: Row<'model'>): { own: boolean; temperature: number | null } {
    const { temperature } = readDescription(rows.folderOf(row))
    return { own: temperature !== undefined, temperature: temperature ?? null }
  }

  async function isScaled(row: Row<'model'>): Promise<boolean> {
    const { networks, whole } = await rows.scaling(row)
    return [...networks, whole].some((one) => one !== null)
  }

  const said = (row: Row<'model'>): Promise<Said[]> =>
    row.origin === 'run' ? heldOut(row) : row.origin === 'ensemble' ? ofEnsemble(row) : ofImport(row)

  /** The label set that a model is judged by: that of its run, or the newest of the study. */
  async function labelSetFor(models: readonly Row<'model'>[]): Promise<string | null> {
    const runs = models.flatMap((row) => (row.run_id === null ? [] : [row.run_id]))
    const study = models[0]!.study_id
    const newest = await db
      .selectFrom('label_set')
      .select('id')
      .where('study_id', '=', study)
      .$if(runs.length > 0, (q) =>
        q.where('id', 'in', (of) => of.selectFrom('training_run').select('label_set_id').where('id', 'in', runs)),
      )
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst()
    return newest?.id ?? null
  }

  async function labelled(answers: readonly Said[], labelSetId: string | null): Promise<Map<string, Judged>> {
    const labels = labelSetId === null ? new Map<string, Label>() : await labelsOf(db, labelSetId)
    return new Map(
      answers.flatMap(({ scanId, grade, probabilities, scaled }) => {
        const label = labels.get(scanId)
        if (!label) return []
        const { patient, grade: truth } = label
        return [[scanId, { scan: scanId, patient, truth, predicted: grade, probabilities, scaled }]]
      }),
    )
  }

  const scaleFor = async (row: Row<'model'>) => domainScale(await studyOf(db, row.study_id))

  async function evaluation(row: Row<'model'>): Promise<Evaluation | null> {
    const answers = await said(row)
    const members = await rows.networks(row)
    const graded = await labelled(answers, await labelSetFor(members))
    const inPart = (part: Part): Judged[] =>
      answers.flatMap((one) => (one.part === part && graded.has(one.scanId) ? [graded.get(one.scanId)!] : []))
    const part = (['test', 'folds', 'here', 'validation'] as const).find((one) => inPart(one).length > 0)
    if (part === undefined) return null
    const scans = inPart(part)
    const result = await evaluator.compute('evaluation', {
      scans,
      readers: await readersOf(db, await sealing.published(db, row.study_id), row.study_id, scans),
      // A temperature is not judged on the scans it was fitted on.
      scaled: part !== 'validation' && (await isScaled(row)) ? scans.map((scan) => scan.scaled) : null,
      scale: await scaleFor(row),
      resampling,
    })
    return { part, ...result, flag: flagOf(scans) }
  }

  return {
    /**
     * The combined answers of networks to validation scans that none of them learned from, for the temperature of the
     * ensemble; none where they have no such scans in common.
     */
    async pooledValidation(networks: readonly Row<'model'>[], rule: Combination): Promise<FittedScan[]> {
      if (networks.some(({ origin }) => origin !== 'run')) return []
      const { categories } = await scaleFor(networks[0]!)
      const each = (await Promise.all(networks.map(heldOut))).map((answers) =>
        answers.filter(({ part }) => part === 'validation'),
      )
      const labels = await labelled(each[0]!, await labelSetFor(networks))
      return common(each).flatMap((answers) => {
        const label = labels.get(answers[0]!.scanId)
        if (!label) return []
        const { probabilities } = combine(
          answers.map((one) => one.probabilities),
          rule,
        )
        return [{ probabilities, label: categories.indexOf(label.truth), patient: label.patient }]
      })
    },

    async evaluation(caller: Caller, modelId: string): Promise<Evaluation | null> {
      return evaluation(await rows.of(caller, modelId))
    },

    /**
     * Models of one study side by side, each pair on the scans that both held out, and all of them on those that all held
     * out. The labels are those of the newest label set among them.
     */
    async compare(caller: Caller, modelIds: readonly string[]): Promise<Comparison> {
      const chosen: Row<'model'>[] = []
      for (const id of new Set(modelIds)) chosen.push(await rows.of(caller, id))
      if (chosen.length < 2) throw new ConcordError('compare-too-few', 'Choose two models or more to compare.')
      if (new Set(chosen.map((row) => row.study_id)).size > 1)
        throw new ConcordError('compare-studies', 'Models of different studies have no scans in common.')
      const scale = await scaleFor(chosen[0]!)
      const networks = (await Promise.all(chosen.map((row) => rows.networks(row)))).flat()
      const labelSetId = await labelSetFor(networks)
      const each = await Promise.all(
        chosen.map(async (row) =>
          labelled(
            (await said(row)).filter(({ part }) => part !== 'validation'),
            labelSetId,
          ),
        ),
      )
      const shared = (some: readonly Map<string, GradedScan>[]): GradedScan[][] => {
        const ids = [...some[0]!.keys()].filter((id) => some.every((one) => one.has(id))).sort()
        return some.map((one) => ids.map((id) => one.get(id)!))
      }
      const all = shared(each)
      const studyId = chosen[0]!.study_id
      const readers = await readersOf(db, await sealing.published(db, studyId), studyId, all[0]!)
      const pairs: Pair[] = []
      for (const [i, first] of chosen.entries())
        for (const [j, second] of chosen.entries()) {
          if (j <= i) continue
          const [one, other] = shared([each[i]!, each[j]!]) as [GradedScan[], GradedScan[]]
          const asked = { first: one, second: other, scale, resampling }
          pairs.push(
            one.length === 0
              ? { first: first.id, second: second.id, comparison: null, reason: noCommon }
              : { first: first.id, second: second.id, comparison: await evaluator.compute('comparison', asked) },
          )
        }
      return {
        scans: all[0]!.length,
        patients: new Set(all[0]!.map(({ patient }) => patient)).size,
        models: await Promise.all(
          chosen.map(async (row, i) => ({
            model: await rows.view(row),
            figures:
              all[i]!.length === 0
                ? null
                : (
                    await evaluator.compute('evaluation', {
                      scans: all[i]!,
                      readers,
                      scaled: null,
                      scale,
                      resampling,
                    })
                  ).figures,
          })),
        ),
        pairs,
      }
    },
  }
}

/** What the flag is worth: with and without it, how many scans were graded as their label. */
function flagOf(scans: readonly Judged[]): Evaluation['flag'] {
  const count = (unsure: boolean) => {
    const own = scans.filter(({ scaled }) => normalisedEntropy(scaled) >= unsureFrom === unsure)
    return { n: own.length, right: own.filter(({ truth, predicted }) => truth === predicted).length }
  }
  return { unsure: count(true), others: count(false) }
}

const noCommon =
  'no test scan was held out by both: train one again from the other, so that the test patients are the same'

/** Answers of all models to the scans that all of them have, one row a scan. */
function common(each: readonly Said[][]): Said[][] {
  const byScan = each.map((answers) => new Map(answers.map((one) => [one.scanId, one])))
  return [...(byScan[0]?.values() ?? [])].flatMap(({ scanId }) => {
    const answers = byScan.map((one) => one.get(scanId))
    return answers.every((one) => one !== undefined) ? [answers] : []
  })
}

type Label = { grade: number; patient: string }

async function labelsOf(connection: Connection, labelSetId: string): Promise<Map<string, Label>> {
  const found = await connection
    .selectFrom('label')
    .innerJoin('scan', 'scan.id', 'label.scan_id')
    .select(['label.scan_id as scanId', 'label.grade as grade', 'scan.patient_id as patient'])
    .where('label.label_set_id', '=', labelSetId)
    .execute()
  return new Map(found.map(({ scanId, grade, patient }) => [scanId, { grade, patient }]))
}

/** The readers' own grades of these scans, by letter. */
async function readersOf(
  connection: Connection,
  reader: VoteReader,
  studyId: string,
  scans: readonly GradedScan[],
): Promise<ReaderGrades[]> {
  const place = new Map(scans.map(({ scan }, i) => [scan, i]))
  const grades = new Map<string, (number | null)[]>()
  for (const { scanId, letter, grade } of await countingVotes(connection, reader, studyId)) {
    const at = place.get(scanId)
    if (at === undefined) continue
    const own = grades.get(letter) ?? new Array<number | null>(scans.length).fill(null)
    own[at] = grade
    grades.set(letter, own)
  }
  return [...grades].sort(([a], [b]) => (a < b ? -1 : 1)).map(([letter, own]) => ({ letter, grades: own }))
}
