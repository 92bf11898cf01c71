import type { Run } from '../../../preload/contract/training.ts'
import type { LabelSet } from '../../../preload/contract/labels.ts'
import { ConcordError } from '../../domain/error.ts'
import type { Jobs } from '../../jobs/jobs.ts'
import type { Whole } from '../../statistics/whole.ts'
import type { Row } from '../../store/schema.ts'
import { domainScale, refuseBlinded, studyOf, type Caller, type ServiceBase } from '../context.ts'
import { estimateOf } from './estimated-labels.ts'
import { createFreezing, type FreezeBounds, type FreezeWanted } from './freezing.ts'
import { labelParts, type LabelRow } from './label-parts.ts'
import { countsOf, removeLeftLabels, type Counts } from './label-rows.ts'

export type { LabelRow }
export type Labels = ReturnType<typeof createLabels>

export function createLabels(base: ServiceBase & { jobs: Jobs; whole: Whole }) {
  const { db, sealing, whole } = base
  const freeze = createFreezing(base)
  /** Frozen sets never change: what was counted once is kept. */
  const counted = new Map<string, Promise<Counts>>()

  async function view(row: Row<'label_set'>): Promise<LabelSet> {
    const counting = counted.get(row.id) ?? countsOf(db, row.id)
    counted.set(row.id, counting)
    counting.catch(() => counted.delete(row.id))
    return viewOf(row, await counting)
  }

  /** Errors: `label-set-unknown`, `blinded`. */
  async function setFor(caller: Caller, labelSetId: string): Promise<Row<'label_set'>> {
    const set = await db.selectFrom('label_set').selectAll().where('id', '=', labelSetId).executeTakeFirst()
    if (!set) throw new ConcordError('label-set-unknown', 'There is no such label set.')
    await refuseBlinded(db, caller, await studyOf(db, set.study_id))
    return set
  }

  return {
    async list(caller: Caller, studyId: string): Promise<LabelSet[]> {
      await refuseBlinded(db, caller, await studyOf(db, studyId))
      const rows = await db.selectFrom('label_set').selectAll().where('study_id', '=', studyId).orderBy('id').execute()
      const sets: LabelSet[] = []
      for (const row of rows) sets.push(await view(row))
      return sets
    },

    /**
     * Freezes one label a scan by a named rule, as a job of its own, and resolves with the set once it is there. Errors: those of
     * createFreezing.
     */
    async freeze(caller: Caller, wanted: FreezeWanted, bounds: FreezeBounds = {}): Promise<LabelSet> {
      return view(await freeze(caller, wanted, bounds))
    },

    /**
     * What a network on these labels is held against: the commonest label's share, how often two readers agree, and from the
     * reader who agrees least with the others to the one who agrees most.
     */
    async reference(labelSetId: string): Promise<Run['reference']> {
      const set = await db.selectFrom('label_set').selectAll().where('id', '=', labelSetId).executeTakeFirstOrThrow()
      const { distribution, labels } = await view(set)
      const study = await studyOf(db, set.study_id)
      const keys = await sealing.publishedForStatistics(study.id)
      const { agreement, band } = await whole.ask({
        kind: 'readers',
        study: { id: study.id, ...domainScale(study), keys },
      })
      return {
        commonestGradeRate: labels > 0 ? Math.max(...distribution.map((d) => d.count)) / labels : null,
        readersAgreement: agreement,
        readersBand: band,
      }
    },

    /** The frozen labels with what training and exports need of their scans. */
    async rows(caller: Caller, labelSetId: string): Promise<{ set: Row<'label_set'>; labels: LabelRow[] }> {
      const set = await setFor(caller, labelSetId)
      const labels: LabelRow[] = []
      for await (const part of labelParts(db, set)) for (const label of part) labels.push(label)
      return { set, labels }
    },

    /** At start: what a program that ended while it froze a set left behind. */
    removeLeft: () => removeLeftLabels(db),

    /** The same some at a time, for a file. */
    async parts(caller: Caller, labelSetId: string) {
      const set = await setFor(caller, labelSetId)
      return { set, parts: labelParts(db, set) }
    },
  }
}

function viewOf(row: Row<'label_set'>, counts: Counts): LabelSet {
  const total = (wanted: (c: Counts[number]) => boolean): number =>
    counts.filter(wanted).reduce((sum, c) => sum + c.count, 0)
  return {
    id: row.id,
    studyId: row.study_id,
    name: row.name,
    rule: row.rule,
    digest: row.digest,
    labels: total(() => true),
    unresolved: row.unresolved,
    adjudicated: total((c) => c.origin === 'adjudicated'),
    distribution: [...new Set(counts.map((c) => c.grade))].map((grade) => ({
      grade,
      count: total((c) => c.grade === grade),
    })),
    estimate: estimateOf(row),
    createdAt: row.created_at,
  }
}
