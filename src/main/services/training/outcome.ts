import { ConcordError, messageOf } from '../../domain/error.ts'
import { isOf } from '../../jobs/jobs.ts'
import { record } from '../../store/audit.ts'
import type { Connection } from '../../store/database.ts'
import type { Row } from '../../store/schema.ts'
import { runResultDigest } from '../../store/witness/digests.ts'
import { domainScale, type Caller, type ServiceBase } from '../context.ts'
import type { LabelRow } from '../settling/labels.ts'
import { heldOutFigures } from './figures.ts'
import type { StoredFigures } from './runs.ts'
import type { Register, Trained } from './trained.ts'

/** How a run ends: its figures, its network and its row; by success, by a stop, or by an error. */
export function createOutcomes({ db, workstation, register }: ServiceBase & { register: Register }) {
  /** Only as long as no other workstation goes on with the run. */
  const set = (connection: Connection, runId: string, change: Partial<Row<'training_run'>>) =>
    connection.updateTable('training_run').set(change).where('id', '=', runId).where(isOf(workstation)).execute()

  /** Error: `run-taken-over`, where another workstation goes on with the run since this one could not be reached. */
  async function requireOwn(connection: Connection, runId: string): Promise<void> {
    const row = await connection
      .selectFrom('training_run')
      .select('id')
      .where('id', '=', runId)
      .where(isOf(workstation))
      .executeTakeFirst()
    if (!row) throw new ConcordError('run-taken-over', 'Another workstation has gone on with this run; it ends here.')
  }

  return {
    /**
     * Registers the network and closes the run. Error: `run-taken-over`.
     * @param end `forChoice`: it was held against others only and leaves no network. `seconds`: it took until now.
     */
    async done(
      caller: Caller,
      trained: Omit<Trained, 'figures'>,
      end: { study: Row<'study'>; forChoice: boolean; seconds(): number },
    ): Promise<void> {
      const { row, labels, result, folds } = trained
      const context = {
        labels,
        scale: domainScale(end.study),
        trainLabels: labels.filter((r) => folds[r.scanId] === 'train').map((r) => r.grade),
      }
      const figures: StoredFigures = {
        validation: heldOutFigures(result.validation, context),
        test: heldOutFigures(result.test, context),
      }
      // A program that was killed here before has kept the model already: the weights are the same.
      const kept = await db.selectFrom('model').select('id').where('run_id', '=', row.id).executeTakeFirst()
      await requireOwn(db, row.id)
      if (!end.forChoice && !kept) await register(caller, { ...trained, figures })
      const results = {
        ...{ best_epoch: result.bestEpoch, device: result.device.name },
        ...{ versions: JSON.stringify(result.versions), figures: JSON.stringify(figures) },
      }
      await db.transaction().execute(async (t) => {
        await requireOwn(t, row.id)
        await set(t, row.id, { ...results, state: 'done', error: null, seconds: end.seconds() })
        await record(t, {
          accountId: caller.accountId,
          act: 'training.ended',
          subject: row.id,
          rowDigest: runResultDigest({ id: row.id, ...results }),
        })
      })
    },

    /** Notes why the run ended; a database that does not answer now leaves it to `markInterrupted` of the next start. */
    async stopped(
      runId: string,
      end: { cancelled: boolean; error: unknown; rows: readonly LabelRow[]; seconds: number },
    ): Promise<void> {
      const code = end.error instanceof ConcordError ? end.error.code : 'unexpected'
      const failure = JSON.stringify({ code, message: inNames(messageOf(end.error), end.rows) })
      await set(db, runId, {
        state: end.cancelled ? 'cancelled' : 'failed',
        seconds: end.seconds,
        error: end.cancelled ? null : failure,
      }).catch(() => undefined)
    },
  }
}

/** The learner knows scans by identifier, people by pseudonym. */
const inNames = (message: string, rows: readonly LabelRow[]): string =>
  rows.reduce((text, { scanId, pseudonym }) => text.replaceAll(scanId, pseudonym), message)
