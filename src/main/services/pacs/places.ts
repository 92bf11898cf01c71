import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Pacs } from '../../../preload/contract/pacs.ts'
import { rootOf, type Credential } from '../../dicomweb/address.ts'
import { createClient, type Client, type Limits } from '../../dicomweb/client.ts'
import { searchStudies } from '../../dicomweb/query.ts'
import { ConcordError } from '../../domain/error.ts'
import { storageError } from '../../domain/storage-error.ts'
import { record } from '../../store/audit.ts'
import type { Connection, Database } from '../../store/database.ts'
import { newId, now } from '../../store/identity.ts'
import type { Row } from '../../store/schema.ts'
import { pacsDigest } from '../../store/witness/digests.ts'
import type { Caller } from '../context.ts'
import { asking } from '../keychain.ts'
import type { Vault } from './vault.ts'
import { createWaits } from './waits.ts'

export interface PacsWanted {
  id: string | null
  name: string
  url: string
  auth: Row<'pacs'>['auth']
  ca?: string | null | undefined
  plain: boolean
  credential: Exclude<Credential, { kind: 'none' }> | null
}

export type Places = ReturnType<typeof createPlaces>

/** Picture archives as an administrator has set them up. */
export function createPlaces({ db, vault, limits }: { db: Database; vault: Vault; limits?: Partial<Limits> }) {
  const waits = createWaits()
  const whose = (caller: Caller, pacsId: string): string => `${caller.accountId} ${pacsId}`
  const view = async (caller: Caller, row: Row<'pacs'>): Promise<Pacs> => ({
    ...{ id: row.id, name: row.name, url: row.url, auth: row.auth, plain: row.plain === 1 },
    ca: row.ca === null ? null : inWords(row.ca),
    credential: await vault.stateOf(caller.accountId, row.id, row.auth),
  })

  return {
    async list(caller: Caller) {
      const rows = await db.selectFrom('pacs').selectAll().where('removed_at', 'is', null).orderBy('name').execute()
      return { keychain: await vault.keychain(), pacs: await Promise.all(rows.map((row) => view(caller, row))) }
    },

    /**
     * Recorded, without the credential; that goes into the system's keychain, or, where there is none, is held for this person
     * until the program ends. Errors: `pacs-url`, `pacs-plain`, `pacs-ca`, `name-taken`, `pacs-unknown`, `keychain-asking`.
     */
    async save(caller: Caller, wanted: PacsWanted): Promise<Pacs> {
      const url = rootOf(wanted).href
      if (wanted.ca) inWords(wanted.ca)
      if (wanted.credential && wanted.credential.kind !== wanted.auth)
        throw new ConcordError('pacs-credential-kind', 'The credential is of another kind than the PACS asks for.')
      const keychain = wanted.credential ? await vault.keychain() : 'none'
      // Before anything is saved.
      if (keychain === 'asking') throw asking()
      const row = await db.transaction().execute(async (t) => {
        const before = wanted.id === null ? null : await pacsOf(t, wanted.id)
        const taken = await t
          .selectFrom('pacs')
          .select('id')
          .where('name', '=', wanted.name)
          .where('removed_at', 'is', null)
          .executeTakeFirst()
        if (taken && taken.id !== before?.id)
          throw new ConcordError('name-taken', `There is a PACS "${wanted.name}" already.`, 'name')
        const after: Row<'pacs'> = {
          ...{ id: before?.id ?? newId(), name: wanted.name, url, auth: wanted.auth, plain: wanted.plain ? 1 : 0 },
          ca: wanted.ca === undefined ? (before?.ca ?? null) : wanted.ca,
          ...{ created_by: before?.created_by ?? caller.accountId, created_at: before?.created_at ?? now() },
          removed_at: null,
        }
        // A credential is for one address: it does not go along to another.
        if (before && (before.url !== after.url || before.auth !== after.auth)) vault.forget(before.id)
        if (before) await t.updateTable('pacs').set(after).where('id', '=', before.id).execute()
        else await t.insertInto('pacs').values(after).execute()
        await recordPlace(t, caller, 'pacs.set', after)
        return after
      })
      if (wanted.credential) {
        if (keychain === 'ready') await vault.keep(row.id, wanted.credential)
        else vault.give(caller.accountId, row.id, wanted.credential)
      }
      return view(caller, row)
    },

    /** Taken out of use; what was sent there stays on record. */
    async remove(caller: Caller, pacsId: string): Promise<void> {
      await db.transaction().execute(async (t) => {
        const row = await pacsOf(t, pacsId)
        const removed = { ...row, removed_at: now() }
        await t.updateTable('pacs').set({ removed_at: removed.removed_at }).where('id', '=', row.id).execute()
        await recordPlace(t, caller, 'pacs.removed', removed)
      })
      vault.forget(pacsId)
    },

    async giveCredential(caller: Caller, pacsId: string, credential: Exclude<Credential, { kind: 'none' }>) {
      const row = await pacsOf(db, pacsId)
      if (row.auth !== credential.kind)
        throw new ConcordError('pacs-credential-kind', 'The credential is of another kind than the PACS asks for.')
      vault.give(caller.accountId, pacsId, credential)
    },

    /** Calls the task with a client of the PACS in the caller's name. */
    async connected<T>(caller: Caller, pacsId: string, task: (client: Client) => Promise<T>): Promise<T> {
      const row = await pacsOf(db, pacsId)
      const credential = await vault.of(caller.accountId, row.id, row.auth)
      const client = createClient({ url: row.url, ca: row.ca, plain: row.plain === 1 }, credential, limits)
      try {
        return await task(client)
      } finally {
        client.close()
      }
    },

    /** The same of what somebody waits for at a page and may `stop`. */
    asked<T>(caller: Caller, pacsId: string, task: (client: Client, signal: AbortSignal) => Promise<T>): Promise<T> {
      return waits.during(whose(caller, pacsId), (signal) =>
        this.connected(caller, pacsId, (client) => task(client, signal)),
      )
    },

    /** Ends what the caller waits for there. */
    stop: (caller: Caller, pacsId: string): void => waits.stop(whose(caller, pacsId)),

    /** The certificates of a file in PEM. Errors: `pacs-ca`, those of the disk. */
    async certificateIn(path: string): Promise<{ ca: string; subject: string }> {
      const ca = await readFile(path, 'utf8').catch((error: unknown) => {
        throw storageError(error) ?? new ConcordError('no-file', 'This file cannot be read.')
      })
      return { ca: ca.slice(0, 200_000), subject: inWords(ca).subject }
    },

    async test(caller: Caller, pacsId: string): Promise<{ studies: boolean }> {
      const any = { patientId: '', patientName: '', from: null, to: null, modality: '', description: '' }
      const found = await this.asked(caller, pacsId, (client, signal) =>
        searchStudies(client, any, { offset: 0, limit: 1 }, signal),
      )
      return { studies: found.length > 0 }
    },
  }
}

/** Error: `pacs-unknown`. */
export async function pacsOf(connection: Connection, pacsId: string): Promise<Row<'pacs'>> {
  const row = await connection
    .selectFrom('pacs')
    .selectAll()
    .where('id', '=', pacsId)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  if (!row) throw new ConcordError('pacs-unknown', 'This PACS is not set up any more. Ask an administrator.')
  return row
}

/** The first certificate of a PEM text, in words. Error: `pacs-ca`. */
export function inWords(ca: string): { subject: string; until: string } {
  try {
    const certificate = new X509Certificate(ca)
    const subject = certificate.subject.split('\n').join(', ')
    return { subject, until: new Date(certificate.validTo).toISOString() }
  } catch {
    throw new ConcordError(
      'pacs-ca',
      'This is no certificate in PEM (a text that begins with BEGIN CERTIFICATE).',
      'ca',
    )
  }
}

const recordPlace = (t: Connection, caller: Caller, act: string, row: Row<'pacs'>): Promise<void> =>
  record(t, {
    accountId: caller.accountId,
    act,
    subject: row.id,
    rowDigest: pacsDigest(row),
  })
