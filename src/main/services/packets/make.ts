import { join } from 'node:path'
import { ConcordError } from '../../domain/error.ts'
import { now } from '../../store/identity.ts'
import { studyOf, type Caller } from '../context.ts'
import { ownStudy } from '../reading/desk.ts'
import { keep, mayName, requireMay, told, type PacketBase } from './acts.ts'
import { readerFor, studyFor, votesFor } from './collect.ts'
import type { Work } from './work.ts'
import { writePacket } from './write.ts'

/** What leaves: a reader's queue with its pictures, and a reader's votes. */
export function createMaking({ db, accountKeys, folders }: PacketBase) {
  const sign = (caller: Caller) => (message: Uint8Array) => accountKeys.sign(caller.accountId, message)

  /** Errors: `study-not-open`, `blinded`. */
  async function openStudy(caller: Caller, { studyId, readerId }: { studyId: string; readerId: string }) {
    const study = await studyOf(db, studyId)
    if (study.state !== 'open')
      throw new ConcordError('study-not-open', 'Only a study whose reading is open can be taken along.')
    await requireMay(db, caller, study, readerId)
    return study
  }

  return {
    /** Whether a packet can be made at all, before anybody is asked for a place. Errors: `study-not-open`, `blinded`, those of `readerFor`. */
    async check(caller: Caller, wanted: { studyId: string; readerId: string }): Promise<void> {
      await readerFor(db, await openStudy(caller, wanted), wanted.readerId)
    },

    /**
     * What a reader needs elsewhere, signed by whoever makes it. Errors: `study-not-open`, `blinded`, `keys-locked`,
     * `volume-missing`, those of `studyFor` and of the file.
     */
    async make(caller: Caller, wanted: { studyId: string; readerId: string; path: string }, work: Work = {}) {
      const { readerId, path } = wanted
      const study = await openStudy(caller, wanted)
      // One moment of the database: the queue and the votes belong together.
      const rows = await db.transaction().execute((t) => studyFor(t, study, readerId, work))
      const contents = [...new Set(rows.scans.map((scan) => scan.content_sha256))]
      const about = {
        ...{ kind: 'study' as const, made: now(), study: { id: study.id, title: study.title } },
        ...{ reader: { id: readerId, name: rows.account.name }, accountId: caller.accountId },
      }
      const pictures = contents.map((content) => ({ content, path: join(folders.volumes, `${content}.vol`) }))
      const { digest, bytes, publicKey } = await writePacket(path, about, rows, pictures, sign(caller), work)
      await db
        .transaction()
        .execute((t) => keep(t, { manifest: { ...about, signer: { publicKey } }, digest }, 'made', caller))
      const named = mayName(caller, study)
      return {
        ...{ path, bytes, reader: rows.account.name, ...told(digest, publicKey) },
        // How long somebody's queue is says which letter they are, where queues differ.
        ...{ scans: named ? rows.scans.length : null, assignments: named ? rows.assignments.length : null },
      }
    },

    /** A reader's own votes, every revision, signed by the reader. Errors: `study-unknown`, `keys-locked`, of the file. */
    async votes(caller: Caller, { studyId, path }: { studyId: string; path: string }, work: Work = {}) {
      const study = await ownStudy(db, caller, studyId)
      const rows = await db.transaction().execute((t) => votesFor(t, studyId, caller.accountId))
      const about = {
        ...{ kind: 'votes' as const, made: now(), study: { id: study.id, title: study.title } },
        ...{ reader: { id: caller.accountId, name: caller.name }, accountId: caller.accountId },
      }
      const { digest, publicKey } = await writePacket(path, about, rows, [], sign(caller), work)
      const votes = rows.votes.length
      await db
        .transaction()
        .execute((t) => keep(t, { manifest: { ...about, signer: { publicKey } }, digest }, 'taken', caller, { votes }))
      return { path, votes, ...told(digest, publicKey) }
    },
  }
}
