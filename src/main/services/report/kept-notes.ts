import { record } from '../../store/audit.ts'
import { newId, now } from '../../store/identity.ts'
import { reportNoteDigest } from '../../store/witness/digests.ts'
import { studyOf, type Caller, type ServiceBase } from '../context.ts'
import { notesOf } from './facts.ts'
import { noteItems, type NoteItem, type Notes } from './notes.ts'

/** What only the authors of a report know: its subjects, its readers, why the study was made. */
export function createReportNotes({ db }: Pick<ServiceBase, 'db'>) {
  return {
    async get(_caller: Caller, studyId: string): Promise<Notes> {
      return notesOf(db, (await studyOf(db, studyId)).id)
    },

    /** Keeps what changed; earlier words stay in the table. */
    async save(caller: Caller, { studyId, notes }: { studyId: string; notes: Notes }): Promise<Notes> {
      return db.transaction().execute(async (t) => {
        await studyOf(t, studyId)
        const known = await notesOf(t, studyId)
        for (const item of Object.keys(noteItems) as NoteItem[]) {
          const text = notes[item]
          if (text === undefined || text === (known[item] ?? '')) continue
          const row = { id: newId(), study_id: studyId, item, text, account_id: caller.accountId, at: now() }
          await t.insertInto('report_note').values(row).execute()
          await record(t, {
            accountId: caller.accountId,
            act: 'report.note-written',
            subject: row.id,
            rowDigest: reportNoteDigest(row),
          })
        }
        return notesOf(t, studyId)
      })
    },
  }
}
