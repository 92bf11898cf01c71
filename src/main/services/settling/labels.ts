import type { Run } from '../../../preload/contract/training.ts'
import type { LabelRule, LabelSet } from '../../../preload/contract/labels.ts'
import { agreementBand, percentAgreement } from '../../domain/agreement/percent.ts'
import { ratingsOf } from '../../domain/agreement/ratings.ts'
import { tabulate } from '../../domain/agreement/table.ts'
import { consensusOfScan, voteDistribution } from '../../domain/consensus/scan.ts'
import { ConcordError } from '../../domain/error.ts'
import { digestOf, record } from '../../store/audit.ts'
import type { Connection } from '../../store/database.ts'
import { newId, now } from '../../store/identity.ts'
import type { Row } from '../../store/schema.ts'
import { labelSetDigest } from '../../store/witness/digests.ts'
import { groupByScan, latestAdjudications, scanVote } from '../votes/disputes.ts'
import { domainScale, isSealed, refuseBlinded, studyOf, type Caller, type ServiceBase } from '../context.ts'
import { countingVotes } from '../votes/counting.ts'
import { estimatedLabels, estimateOf } from './estimated-labels.ts'

export type Labels = ReturnType<typeof createLabels>

export interface LabelRow {
  scanId: string
  pseudonym: string
  patientId: string
  site: string
  side: string
  contentSha256: string
  /** Day of the scan, ISO 8601; null where its file does not say. */
  scannedOn: string | null
  grade: number
  distribution: number[]
  origin: 'rule' | 'adjudicated'
}

/** @param bounds `work`: votes that Dawid and Skene's estimate looks at, at most; the rule's own bound where not given */
export function createLabels({ db, announce, sealing }: ServiceBase, bounds: { work?: number } = {}) {
  return {
    async list(caller: Caller, studyId: string): Promise<LabelSet[]> {
      await refuseBlinded(db, caller, await studyOf(db, studyId))
      const rows = await db.selectFrom('label_set').selectAll().where('study_id', '=', studyId).orderBy('id').execute()
      return Promise.all(rows.map((row) => view(db, row)))
    },

    /**
     * Freezes one label a scan by a named rule; an adjudicated grade takes the rule's place. The digest is of the votes
     * and adjudications that were used, in a fixed order, so that anybody can say later what a network learned from.
     */
    async freeze(caller: Caller, request: { studyId: string; name: string; rule: LabelRule }): Promise<LabelSet> {
      const row = await db.transaction().execute(async (t) => {
        const study = await studyOf(t, request.studyId)
        if (!isSealed(study))
          throw new ConcordError('study-not-sealed', 'Seal the reading first; until then every vote may still change.')
        const taken = await t
          .selectFrom('label_set')
          .select('id')
          .where('study_id', '=', study.id)
          .where('name', '=', request.name)
          .executeTakeFirst()
        if (taken) throw new ConcordError('name-taken', `There is a label set "${request.name}" already.`, 'name')

        const votes = await countingVotes(t, await sealing.forFigures(t, caller, study.id), study.id)
        const settled = await latestAdjudications(t, study.id)
        const scale = domainScale(study)
        const labels: Omit<Row<'label'>, 'label_set_id'>[] = []
        let unresolved = 0
        const model = request.rule === 'dawid-skene' ? estimatedLabels(votes, scale.categories, bounds.work) : null
        for (const [scan_id, own] of groupByScan(votes)) {
          const cast = own.map(scanVote)
          const settledGrade = settled.get(scan_id)?.grade ?? null
          const rule = request.rule === 'dawid-skene' ? 'majority' : request.rule
          const byRule = consensusOfScan(cast, rule, scale, settledGrade)
          const { adjudicated } = byRule
          // More than half "cannot be graded": no label by any rule.
          const refused = 2 * cast.filter((vote) => vote === 'cannot').length > cast.length
          const estimated = model && !refused ? (model.labels.get(scan_id) ?? null) : null
          const label = adjudicated || !model ? byRule.label : (estimated?.label ?? null)
          if (label === null) {
            unresolved++
            continue
          }
          const certain = scale.categories.map((grade) => (grade === label ? 1 : 0))
          labels.push({
            scan_id,
            grade: label,
            distribution: JSON.stringify(estimated?.posterior ?? voteDistribution(cast, scale.categories) ?? certain),
            origin: adjudicated ? 'adjudicated' : 'rule',
          })
        }
        if (labels.length === 0)
          throw new ConcordError('no-labels', 'The rule gives no label for any scan: there are too few votes.')
        const set: Row<'label_set'> = {
          id: newId(),
          study_id: study.id,
          name: request.name,
          rule: request.rule,
          digest: digestOf(
            votes.map((v) => [v.scanId, v.accountId, v.grade, v.castAt]).sort(),
            [...settled].map(([scan, a]) => [scan, a.grade, a.at]).sort(),
          ),
          unresolved,
          created_by: caller.accountId,
          created_at: now(),
          em_iterations: model?.iterations ?? null,
          em_converged: model ? Number(model.converged) : null,
        }
        await t.insertInto('label_set').values(set).execute()
        for (let at = 0; at < labels.length; at += 500)
          await t
            .insertInto('label')
            .values(labels.slice(at, at + 500).map((label) => ({ ...label, label_set_id: set.id })))
            .execute()
        await record(t, {
          accountId: caller.accountId,
          act: 'labels.frozen',
          subject: set.id,
          rowDigest: labelSetDigest(set, labels),
        })
        return set
      })
      announce.studyChanged(request.studyId)
      return view(db, row)
    },

    /**
     * What a network on these labels is held against: the commonest label's share, how often two readers agree, and from the
     * reader who agrees least with the others to the one who agrees most.
     */
    async reference(labelSetId: string): Promise<Run['reference']> {
      const set = await db.selectFrom('label_set').selectAll().where('id', '=', labelSetId).executeTakeFirstOrThrow()
      const { distribution, labels } = await view(db, set)
      const categories = domainScale(await studyOf(db, set.study_id)).categories
      const votes = await countingVotes(db, await sealing.published(db, set.study_id), set.study_id)
      const ratings = ratingsOf(
        votes.map((v) => ({ subject: v.scanId, rater: v.letter, grade: v.grade })),
        categories,
      )
      const table = tabulate(ratings)
      return {
        commonestGradeRate: labels > 0 ? Math.max(...distribution.map((d) => d.count)) / labels : null,
        readersAgreement: percentAgreement(table).pairwise,
        readersBand: agreementBand(table),
      }
    },

    /** The frozen labels with what training and exports need of their scans. */
    async rows(caller: Caller, labelSetId: string): Promise<{ set: Row<'label_set'>; labels: LabelRow[] }> {
      const set = await db.selectFrom('label_set').selectAll().where('id', '=', labelSetId).executeTakeFirst()
      if (!set) throw new ConcordError('label-set-unknown', 'There is no such label set.')
      await refuseBlinded(db, caller, await studyOf(db, set.study_id))
      const labels = await db
        .selectFrom('label')
        .innerJoin('scan', 'scan.id', 'label.scan_id')
        .leftJoin('scan_day', 'scan_day.scan_id', 'scan.id')
        .select([
          'scan.id as scanId',
          'scan.pseudonym as pseudonym',
          'scan.patient_id as patientId',
          'scan.site as site',
          'scan.side as side',
          'scan.content_sha256 as contentSha256',
          'scan_day.day as scannedOn',
          'label.grade as grade',
          'label.distribution as distribution',
          'label.origin as origin',
        ])
        .where('label.label_set_id', '=', labelSetId)
        .orderBy('scan.pseudonym')
        .execute()
      return { set, labels: labels.map((l) => ({ ...l, distribution: JSON.parse(l.distribution) as number[] })) }
    },
  }
}

async function view(connection: Connection, row: Row<'label_set'>): Promise<LabelSet> {
  const counts = await connection
    .selectFrom('label')
    .select(({ fn }) => ['grade', 'origin', fn.countAll<number>().as('count')])
    .where('label_set_id', '=', row.id)
    .groupBy(['grade', 'origin'])
    .orderBy('grade')
    .execute()
  const total = (wanted: (c: (typeof counts)[number]) => boolean): number =>
    counts.filter(wanted).reduce((sum, c) => sum + Number(c.count), 0)
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
