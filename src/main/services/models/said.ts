import type { Evaluation } from '../../../preload/contract/models.ts'
import { combine } from '../../domain/evaluation/ensemble.ts'
import { scaledBy, unscaledFrom } from '../../domain/evaluation/temperature.ts'
import { readCard, readDescription } from '../../learning/model-file.ts'
import type { Row } from '../../store/schema.ts'
import { domainScale, studyOf, type ServiceBase } from '../context.ts'
import type { ModelRows } from './rows.ts'

export type Part = Evaluation['part']
/** What a model said of scans that it did not learn from, without their labels. */
export interface Said {
  scanId: string
  part: Part
  grade: number
  /** As the networks gave them, and as people get them (temperature.ts). */
  probabilities: number[]
  scaled: number[]
}

/** What models said of scans that they never learned from, by the way each came to be. */
export function createSaid({ db, rows }: Pick<ServiceBase, 'db'> & { rows: ModelRows }) {
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

  const said = (row: Row<'model'>): Promise<Said[]> =>
    row.origin === 'run' ? heldOut(row) : row.origin === 'ensemble' ? ofEnsemble(row) : ofImport(row)

  return { heldOut, said }
}

/** Answers of all models to the scans that all of them have, one row a scan. */
export function common(each: readonly Said[][]): Said[][] {
  const byScan = each.map((answers) => new Map(answers.map((one) => [one.scanId, one])))
  return [...(byScan[0]?.values() ?? [])].flatMap(({ scanId }) => {
    const answers = byScan.map((one) => one.get(scanId))
    return answers.every((one) => one !== undefined) ? [answers] : []
  })
}
