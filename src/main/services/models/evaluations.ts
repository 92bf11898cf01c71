import type { Combination, Comparison, Evaluation, Pair } from '../../../preload/contract/models.ts'
import { combine, normalisedEntropy } from '../../domain/evaluation/ensemble.ts'
import type { GradedScan } from '../../domain/evaluation/graded.ts'
import { networkResampling } from '../../domain/evaluation/resample.ts'
import type { FittedScan } from '../../domain/evaluation/temperature.ts'
import { ConcordError } from '../../domain/error.ts'
import type { Evaluator } from '../../statistics/evaluator.ts'
import type { Row } from '../../store/schema.ts'
import { domainScale, studyOf, type Caller, type ServiceBase } from '../context.ts'
import { labelled, labelSetFor, readersOf, type Judged } from './judged.ts'
import type { ModelRows } from './rows.ts'
import { common, createSaid, type Part } from './said.ts'
import { unsureFrom } from './scan-prediction.ts'

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
  const { heldOut, said } = createSaid({ db, rows })

  async function isScaled(row: Row<'model'>): Promise<boolean> {
    const { networks, whole } = await rows.scaling(row)
    return [...networks, whole].some((one) => one !== null)
  }

  const scaleFor = async (row: Row<'model'>) => domainScale(await studyOf(db, row.study_id))

  async function evaluation(row: Row<'model'>): Promise<Evaluation | null> {
    const answers = await said(row)
    const members = await rows.networks(row)
    const graded = await labelled(db, answers, await labelSetFor(db, members))
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
      resampling: networkResampling,
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
      const labels = await labelled(db, each[0]!, await labelSetFor(db, networks))
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
      const labelSetId = await labelSetFor(db, networks)
      const each = await Promise.all(
        chosen.map(async (row) =>
          labelled(
            db,
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
          const asked = { first: one, second: other, scale, resampling: networkResampling }
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
                      resampling: networkResampling,
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
