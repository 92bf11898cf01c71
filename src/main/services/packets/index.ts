import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ConcordError } from '../../domain/error.ts'
import { readHeader } from '../../imaging/cache.ts'
import { digestOf, record } from '../../store/audit.ts'
import type { Connection } from '../../store/database.ts'
import { now } from '../../store/identity.ts'
import type { Row } from '../../store/schema.ts'
import { packetDigest } from '../../store/witness/digests.ts'
import { contentColumns } from '../../store/sealed/votes.ts'
import { refuseBlinded, requireGrade, scaleOf, studyOf, type Caller, type ServiceBase } from '../context.ts'
import { ownStudy } from '../desk.ts'
import type { AccountKeys } from '../sealing/account-keys.ts'
import { addedDigest, addVotes, type Added } from './add-votes.ts'
import { addStudy } from './add-study.ts'
import { studyFor, votesFor } from './collect.ts'
import { altered, discard, foreign, readPacket, writePacket, type Manifest, type Packet } from './file.ts'
import { studyShape, votesShape } from './rows.ts'

export type Packets = ReturnType<typeof createPackets>

/** A key as two people compare it by telephone: the first 32 hexadecimal digits of its SHA-256, in groups. */
export const fingerprint = (publicKey: string): string =>
  createHash('sha256')
    .update(Buffer.from(publicKey, 'base64'))
    .digest('hex')
    .slice(0, 32)
    .replace(/(.{4})(?=.)/g, '$1 ')

/** Studies that are read where there is no network: one file goes there with a reader's queue, one comes back with the votes. */
export function createPackets({
  db,
  announce,
  sealing,
  accountKeys,
  folders,
}: ServiceBase & { accountKeys: AccountKeys; folders: { volumes: string } }) {
  const volumePath = (content: string): string => join(folders.volumes, `${content}.vol`)
  const sign = (caller: Caller) => (message: Uint8Array) => accountKeys.sign(caller.accountId, message)

  /** Whoever reads in an open study must not hold another reader's votes, nor learn that there are some. */
  async function requireMay(
    connection: Connection,
    caller: Caller,
    study: Row<'study'>,
    readerId: string,
  ): Promise<void> {
    if (readerId !== caller.accountId) await refuseBlinded(connection, caller, study)
  }

  return {
    /**
     * What a reader needs elsewhere, signed by whoever makes it. Errors: `study-not-open`, `blinded`, `keys-locked`,
     * `volume-missing`, those of `studyFor` and of the file.
     */
    async make(caller: Caller, { studyId, readerId, path }: { studyId: string; readerId: string; path: string }) {
      const study = await studyOf(db, studyId)
      if (study.state !== 'open')
        throw new ConcordError('study-not-open', 'Only a study whose reading is open can be taken along.')
      await requireMay(db, caller, study, readerId)
      // One moment of the database: the queue and the votes belong together.
      const rows = await db.transaction().execute((t) => studyFor(t, study, readerId))
      const contents = [...new Set(rows.scans.map((scan) => scan.content_sha256))]
      const about = {
        ...{ kind: 'study' as const, made: now(), study: { id: study.id, title: study.title } },
        ...{ reader: { id: readerId, name: rows.account.name }, accountId: caller.accountId },
      } as const
      const pictures = contents.map((content) => ({ content, path: volumePath(content) }))
      const { digest, bytes, publicKey } = await writePacket(path, about, rows, pictures, sign(caller))
      await note(db, caller, 'study.packet-made', studyId, [digest, readerId])
      return { path, bytes, scans: rows.scans.length, assignments: rows.assignments.length, ...told(digest, publicKey) }
    },

    /**
     * Takes a study from a packet, all of it or nothing; the same packet again changes nothing. Without a caller only where
     * there is nobody but readers whom packets brought. Errors: `not-signed-in`, those of `readPacket` and of `addStudy`.
     * @param signer the fingerprint that the maker's program showed; refused where it is another one
     */
    async open(caller: Caller | null, { path, signer }: { path: string; signer?: string | undefined }) {
      if (!caller && (await isLed(db)))
        throw new ConcordError(
          'not-signed-in',
          'This workstation has people who answer for it: say who you are, with --as NAME, and open the packet then.',
        )
      const packet = await readPacket(path, 'study', folders.volumes)
      const { manifest, digest, pictures } = packet
      const placed: string[] = []
      try {
        const rows = studyShape.safeParse(packet.rows)
        if (!rows.success) throw foreign()
        const found = told(digest, manifest.signer.publicKey)
        if (signer !== undefined && signer.replaceAll(/\W/g, '').toLowerCase() !== found.signer.replaceAll(' ', ''))
          throw new ConcordError(
            'packet-other-signer',
            `The packet was signed with the key ${found.signer}, not with the one you named. Nothing was changed.`,
          )
        if (rows.data.study.id !== manifest.study.id) throw altered()
        const reply = { study: manifest.study, reader: manifest.reader.name, scans: rows.data.scans.length, ...found }
        if (await isKnown(db, digest)) return { ...reply, changed: false }
        for (const { content_sha256: content } of rows.data.scans) {
          const part = pictures.get(content)
          if (!part || (await readHeader(part)).sha256 !== content) throw altered()
        }
        const changed = await db.transaction().execute(async (t) => {
          if (await isKnown(t, digest)) return false
          await addStudy(t, manifest, rows.data)
          await noted(t, packet, 'opened')
          await note(t, caller, 'study.packet-opened', manifest.study.id, [digest, manifest.reader.id])
          // Within the transaction: without its pictures no study is here.
          for (const [content, part] of pictures) {
            if (existsSync(volumePath(content))) continue
            await rename(part, volumePath(content))
            placed.push(volumePath(content))
          }
          return true
        })
        if (changed) announce.studyChanged(manifest.study.id)
        return { ...reply, changed }
      } catch (error) {
        for (const file of placed) await rm(file, { force: true })
        throw error
      } finally {
        await discard(pictures)
      }
    },

    /** A reader's own votes, every revision, signed by the reader. Errors: `study-unknown`, `keys-locked`, of the file. */
    async votes(caller: Caller, { studyId, path }: { studyId: string; path: string }) {
      const study = await ownStudy(db, caller, studyId)
      const rows = await db.transaction().execute((t) => votesFor(t, studyId, caller.accountId))
      const about = {
        ...{ kind: 'votes' as const, made: now(), study: { id: study.id, title: study.title } },
        ...{ reader: { id: caller.accountId, name: caller.name }, accountId: caller.accountId },
      } as const
      const { digest, publicKey } = await writePacket(path, about, rows, [], sign(caller))
      await note(db, caller, 'vote.packet-taken', studyId, [digest])
      return { path, votes: rows.votes.length, ...told(digest, publicKey) }
    },

    /**
     * Puts a reader's votes beside those that are here, all or none, each once. Errors: those of `readPacket` and `addVotes`,
     * `packet-study-unknown`, `packet-reader-unknown`, `packet-signer-unknown`, `packet-study-sealed`, `blinded`.
     */
    async merge(caller: Caller, { path }: { path: string }): Promise<Added & { study: string; reader: string }> {
      const packet = await readPacket(path, 'votes', folders.volumes)
      const { manifest, digest } = packet
      if (manifest.entries.length > 1) throw foreign()
      const rows = votesShape.safeParse(packet.rows)
      if (!rows.success) throw foreign()
      const { id: studyId } = manifest.study
      const { id: readerId } = manifest.reader
      const added = await db.transaction().execute(async (t) => {
        const study = await t.selectFrom('study').selectAll().where('id', '=', studyId).executeTakeFirst()
        if (!study)
          throw new ConcordError(
            'packet-study-unknown',
            'The packet is of a study that is not here. Nothing was merged.',
          )
        await requireMay(t, caller, study, readerId)
        await requireOwnSignature(t, manifest)
        if (await isKnown(t, digest)) return { votes: 0, known: rows.data.votes.length, conflicts: [] }
        if (study.state !== 'open')
          throw new ConcordError(
            'packet-study-sealed',
            'The reading of this study is sealed: no vote can be added any more. Nothing was merged.',
          )
        const { ids, ...counts } = await addVotes(t, study, readerId, rows.data)
        await requireReadable(t, caller, study, ids)
        await noted(t, packet, 'merged')
        await note(t, caller, 'study.packet-merged', studyId, [addedDigest(digest, ids), readerId])
        return counts
      })
      if (added.votes > 0) announce.studyChanged(studyId)
      return { study: manifest.study.title, reader: manifest.reader.name, ...added }
    },
  }

  /** Where the caller's keys open the votes it is seen before they are merged that they say something. */
  async function requireReadable(t: Connection, caller: Caller, study: Row<'study'>, ids: string[]): Promise<void> {
    const reader = await sealing.forFigures(t, caller, study.id).catch((error: unknown) => {
      if (error instanceof ConcordError && error.code === 'study-locked') return null
      throw error
    })
    if (!reader) return
    try {
      for (let at = 0; at < ids.length; at += 500) {
        const rows = await t
          .selectFrom('vote')
          .select(contentColumns)
          .where('id', 'in', ids.slice(at, at + 500))
          .where('kind', '=', 'cast')
          .execute()
        for (const row of rows) {
          const said = reader.read(row)
          if (!said || (said.grade === null) === (said.reason === null)) throw altered()
          if (said.grade !== null) requireGrade(scaleOf(study), said.grade)
        }
      }
    } catch (error) {
      if (!(error instanceof ConcordError)) throw error
      throw new ConcordError(
        'packet-vote-invalid',
        'A vote of the packet does not open, or says nothing that this study knows. Nothing was merged.',
      )
    }
  }
}

/** The signature holds by the manifest's own key; here it is that of the reader's account. */
async function requireOwnSignature(t: Connection, { reader, signer }: Manifest): Promise<void> {
  const account = await t.selectFrom('account').select('id').where('id', '=', reader.id).executeTakeFirst()
  if (!account) throw new ConcordError('packet-reader-unknown', 'The packet is of a reader who has no account here.')
  const key = await t
    .selectFrom('account_key')
    .select('signing_key')
    .where('id', '=', signer.keyId)
    .where('account_id', '=', reader.id)
    .executeTakeFirst()
  if (signer.accountId !== reader.id || key?.signing_key !== signer.publicKey)
    throw new ConcordError(
      'packet-signer-unknown',
      'The packet was not signed with a key that this reader has here. Nothing was merged.',
    )
}

/** Whether anybody here has more to say than a reader: packets bring readers alone. */
const isLed = async (connection: Connection): Promise<boolean> =>
  (await connection
    .selectFrom('account')
    .select('id')
    .where('state', '=', 'active')
    .where('roles', '!=', '["reader"]')
    .limit(1)
    .executeTakeFirst()) !== undefined

const isKnown = async (connection: Connection, digest: string): Promise<boolean> =>
  (await connection.selectFrom('packet').select('digest').where('digest', '=', digest).executeTakeFirst()) !== undefined

async function noted(t: Connection, { manifest, digest }: Packet, act: Row<'packet'>['act']): Promise<void> {
  const { study, reader, signer } = manifest
  const row = { digest, act, study_id: study.id, account_id: reader.id, signing_key: signer.publicKey, at: now() }
  await t.insertInto('packet').values(row).execute()
  await record(t, { accountId: null, act: 'study.packet-noted', subject: digest, rowDigest: packetDigest(row) })
}

async function note(
  connection: Connection,
  caller: Caller | null,
  act: string,
  subject: string,
  about: readonly string[],
): Promise<void> {
  const accountId = caller?.accountId ?? null
  const write = (t: Connection): Promise<void> =>
    record(t, { accountId, act, subject, rowDigest: digestOf(subject, ...about) })
  if (connection.isTransaction) await write(connection)
  else await connection.transaction().execute(write)
}

const told = (digest: string, publicKey: string) => ({ digest, signer: fingerprint(publicKey) })
