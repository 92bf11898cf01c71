import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ConcordError } from '../../domain/error.ts'
import { readHeader } from '../../imaging/cache.ts'
import type { Caller } from '../context.ts'
import { isKnown, keep, requireMayOpen, told, type PacketBase } from './acts.ts'
import { addStudy } from './add-study.ts'
import { requireSource } from './require-source.ts'
import { altered, foreign } from './format.ts'
import { discard, readHead, readPacket } from './read.ts'
import { studyShape } from './rows.ts'
import type { Work } from './work.ts'

/** What comes to another workstation: a study with one reader's queue. */
export function createOpening({ db, announce, folders }: PacketBase) {
  const volumePath = (content: string): string => join(folders.volumes, `${content}.vol`)

  return {
    /**
     * What a packet says it is, before it is opened. Its signature is checked and its length; the rest when it is opened.
     * Errors: `packet-not-here`, those of `readHead` and of `requireSource`.
     */
    async inspect(caller: Caller | null, { path }: { path: string }) {
      await requireMayOpen(db, caller)
      const { manifest, digest } = await readHead(path, 'study')
      await requireSource(db, manifest.study, manifest.signer.publicKey)
      const opened = await db
        .selectFrom('packet')
        .select(['digest', 'signing_key', 'made_at'])
        .where('study_id', '=', manifest.study.id)
        .where('account_id', '=', manifest.reader.id)
        .where('act', '=', 'opened')
        .execute()
      const newest = opened.map((one) => one.made_at ?? '').reduce((a, b) => (a > b ? a : b), '')
      return {
        ...{ study: manifest.study.title, reader: manifest.reader.name, made: manifest.made },
        ...{ pictures: manifest.entries.length - 1, ...told(digest, manifest.signer.publicKey) },
        bytes: manifest.entries.reduce((sum, { size }) => sum + size, 0),
        /** Whether the study is here, and this packet brings more, or nothing that is not here. */
        here: opened.some((one) => one.digest === digest)
          ? ('known' as const)
          : opened.length === 0
            ? ('new' as const)
            : manifest.made < newest
              ? ('older' as const)
              : ('more' as const),
        sameSigner: opened.some((one) => one.signing_key === manifest.signer.publicKey),
      }
    },

    /**
     * Takes a study from a packet, all of it or nothing; the same packet again changes nothing. Without a caller only where
     * there is nobody but readers whom packets brought. Errors: `packet-not-here`, `packet-changed`, those of `readPacket` and of
     * `addStudy`.
     * @param signer the fingerprint that the maker's program showed; refused where it is another one
     * @param wanted the packet that was looked at before
     */
    async open(
      caller: Caller | null,
      { path, signer, digest: wanted }: { path: string; signer?: string | undefined; digest?: string | undefined },
      work: Work = {},
    ) {
      await requireMayOpen(db, caller)
      const packet = await readPacket(path, 'study', folders.volumes, work)
      const { manifest, digest, pictures } = packet
      const placed: string[] = []
      try {
        if (wanted !== undefined && wanted !== digest) throw changed()
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
        if (await isKnown(db, digest, ['opened'])) return { ...reply, changed: false }
        for (const { content_sha256: content } of rows.data.scans) {
          const part = pictures.get(content)
          if (!part || (await readHeader(part)).sha256 !== content) throw altered()
        }
        const news = await db.transaction().execute(async (t) => {
          if (await isKnown(t, digest, ['opened'])) return false
          await addStudy(t, manifest, rows.data, work)
          await keep(t, packet, 'opened', caller, { firstRound: rows.data.firstRound })
          // Within the transaction: without its pictures no study is here.
          for (const [content, part] of pictures) {
            if (existsSync(volumePath(content))) continue
            await rename(part, volumePath(content))
            placed.push(volumePath(content))
          }
          return true
        })
        if (news) announce.studyChanged(manifest.study.id)
        return { ...reply, changed: news }
      } catch (error) {
        for (const file of placed) await rm(file, { force: true })
        throw error
      } finally {
        await discard(pictures)
      }
    },
  }
}

export const changed = (): ConcordError =>
  new ConcordError(
    'packet-changed',
    'The file is not the one that was looked at a moment ago. Look at it again; nothing was changed.',
  )
