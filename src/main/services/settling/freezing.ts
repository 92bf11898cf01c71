import type { LabelRule } from '../../../preload/contract/labels.ts'
import { ConcordError } from '../../domain/error.ts'
import type { JobControl, Jobs } from '../../jobs/jobs.ts'
import type { LabelsAnswer, WholeProgress } from '../../statistics/whole-question.ts'
import type { Whole } from '../../statistics/whole.ts'
import { record } from '../../store/audit.ts'
import type { Connection } from '../../store/database.ts'
import { newId, now } from '../../store/identity.ts'
import type { Row } from '../../store/schema.ts'
import { domainScale, isSealed, studyOf, type Caller, type ServiceBase } from '../context.ts'
import { countLabels, removeLabels, writeLabels } from './label-rows.ts'
import { changedSince, marksOf } from './marks.ts'

export interface FreezeWanted {
  studyId: string
  name: string
  rule: LabelRule
}
export interface FreezeBounds {
  /** Votes that Dawid and Skene's estimate looks at, at most; the rule's own bound where not given. */
  work?: number
  /** How often labels are computed anew where votes changed meanwhile. */
  attempts?: number
}

/** Another vote or decision came while labels were made of those before it. */
class Changed extends Error {}

/**
 * Freezes a label set: the labels are computed in a thread of their own, from votes that it reads by itself, and written some at a
 * time; none of them counts before the row of the set, which comes with its audit entry in one short transaction at the end. In it
 * the votes and settled grades must be those that the labels were computed from, or all is done anew.
 */
export function createFreezing({ db, announce, sealing, jobs, whole }: ServiceBase & { jobs: Jobs; whole: Whole }) {
  async function frozen(caller: Caller, wanted: FreezeWanted, work: number | undefined, control: JobControl) {
    const { signal } = control
    const marks = await marksOf(db, wanted.studyId)
    const study = await studyOf(db, wanted.studyId)
    const keys = await sealing.forStatistics(caller, study.id)
    const tell = told(control)
    const made = await whole.ask(
      { kind: 'labels', study: { id: study.id, ...domainScale(study), keys }, rule: wanted.rule, work },
      { signal, tell: (progress) => tell.computing(progress) },
    )
    if (made.grades.length === 0)
      throw new ConcordError('no-labels', 'The rule gives no label for any scan: there are too few votes.')
    const set = rowOf(caller, wanted, made)
    try {
      const rowDigest = await writeLabels(db, set, made, (done) => {
        if (signal.aborted) throw stopped()
        tell.writing(done, made.grades.length)
      })
      await db.transaction().execute(async (t) => {
        await requireFreezable(t, wanted)
        const written = await countLabels(t, set.id)
        if (written !== made.grades.length || (await changedSince(t, wanted.studyId, marks))) throw new Changed()
        if (signal.aborted) throw stopped()
        await t.insertInto('label_set').values(set).execute()
        await record(t, { accountId: caller.accountId, act: 'labels.frozen', subject: set.id, rowDigest })
      })
      return set
    } catch (error) {
      // What is left now is removed at the next start.
      await removeLabels(db, set.id).catch(() => undefined)
      throw error
    }
  }

  /** Errors: `study-not-sealed`, `name-taken`, `no-labels`, `study-locked`, `votes-changed`, `cancelled`. */
  return async function freeze(caller: Caller, wanted: FreezeWanted, { work, attempts = 3 }: FreezeBounds = {}) {
    await requireFreezable(db, wanted)
    const outcome: { set: Row<'label_set'> | null; error: unknown } = { set: null, error: stopped() }
    const { ended } = await jobs.start(
      { kind: 'labels', studyId: wanted.studyId, accountId: caller.accountId },
      async (control) => {
        for (let attempt = 1; outcome.set === null; attempt += 1)
          try {
            outcome.set = await frozen(caller, wanted, work, control)
          } catch (error) {
            outcome.error = error instanceof Changed ? changed() : error
            if (!(error instanceof Changed) || attempt === attempts) throw outcome.error
          }
      },
    )
    await ended
    if (outcome.set === null) throw outcome.error
    announce.studyChanged(wanted.studyId)
    return outcome.set
  }
}

const stopped = (): ConcordError => new ConcordError('cancelled', 'This was stopped.')
const changed = (): ConcordError =>
  new ConcordError(
    'votes-changed',
    'Votes or settled grades of this study changed again and again while the labels were computed. Nothing was frozen; try again when nobody settles scans.',
  )

async function requireFreezable(connection: Connection, { studyId, name }: FreezeWanted): Promise<void> {
  const study = await studyOf(connection, studyId)
  if (!isSealed(study))
    throw new ConcordError('study-not-sealed', 'Seal the reading first; until then every vote may still change.')
  const taken = await connection
    .selectFrom('label_set')
    .select('id')
    .where('study_id', '=', study.id)
    .where('name', '=', name)
    .executeTakeFirst()
  if (taken) throw new ConcordError('name-taken', `There is a label set "${name}" already.`, 'name')
}

/** The digest is of the votes and adjudications that were used, so that anybody can say later what a network learned from. */
const rowOf = (
  caller: Caller,
  { studyId, name, rule }: FreezeWanted,
  { digest, unresolved, estimate }: LabelsAnswer,
): Row<'label_set'> => ({
  ...{ id: newId(), study_id: studyId, name, rule, digest, unresolved },
  ...{ created_by: caller.accountId, created_at: now() },
  em_iterations: estimate?.iterations ?? null,
  em_converged: estimate ? Number(estimate.converged) : null,
})

/** Of a hundred: reading the votes up to 40, estimating up to 70, writing the labels from there on. */
function told(control: JobControl) {
  const at = (share: number, detail: string): void => control.progress(Math.floor(share), 100, detail)
  return {
    computing(progress: WholeProgress): void {
      if (progress.stage === 'votes') at(40 * progress.share, 'votes')
      else at(40 + 30 * progress.share, `estimate ${progress.iterations}`)
    },
    writing: (done: number, total: number): void => at(70 + (30 * done) / total, 'labels'),
  }
}
