import { isDiskTrouble } from '../../domain/storage-error.ts'
import { digestOf, record } from '../../store/audit.ts'
import type { Connection, Database } from '../../store/database.ts'
import { nextId, now } from '../../store/identity.ts'
import type { Row } from '../../store/schema.ts'
import { exchangePair, isSignedBy, signed, signingPair } from '../../store/sealed/pairs.ts'
import { lockWith, unlockWith, type Locked, type PasswordCost } from '../../store/sealed/password.ts'
import { accountKeyDigest } from '../../store/witness/digests.ts'
import type { KeyRing, OwnKeys } from './key-ring.ts'

export type AccountKeys = ReturnType<typeof createAccountKeys>

/** Binds the private halves to the public ones beside them: none of the four can be exchanged alone. */
const purposeOf = (key: Pick<Row<'account_key'>, 'id' | 'account_id' | 'public_key' | 'signing_key'>): string =>
  `account key ${key.id} ${key.account_id} ${key.public_key} ${key.signing_key}`

/**
 * Each account's pairs: one to seal to, one to sign with. The private halves are kept under the account's own password and
 * opened into the key ring when it signs in; after a reset by an administrator nobody can open them, and a new pair is made.
 */
export function createAccountKeys({
  db,
  ring,
  passwordCost,
}: {
  db: Database
  ring: KeyRing
  passwordCost?: PasswordCost | undefined
}) {
  async function newest(connection: Connection, accountId: string) {
    return connection
      .selectFrom('account_key')
      .innerJoin('account_key_lock', 'account_key_lock.key_id', 'account_key.id')
      .selectAll()
      .where('account_id', '=', accountId)
      .orderBy('account_key.id', 'desc')
      .limit(1)
      .executeTakeFirst()
  }

  async function openWith(accountId: string, password: string): Promise<OwnKeys | null> {
    const key = await newest(db, accountId)
    if (!key) return null
    const halves = await unlockWith(password, key, purposeOf(key))
    return (
      halves && {
        keyId: key.id,
        publicKey: key.public_key,
        privateKey: halves.subarray(0, 32),
        signingPublicKey: key.signing_key,
        signingPrivateKey: halves.subarray(32),
      }
    )
  }

  /** A new pair under the password, ready to be written in a transaction. */
  async function prepare(accountId: string, password: string) {
    const [exchange, signing] = [exchangePair(), signingPair()]
    const row: Row<'account_key'> = {
      ...{ id: await nextId(db, 'account_key'), account_id: accountId, made_at: now() },
      ...{ public_key: exchange.publicKey, signing_key: signing.publicKey },
    }
    const own: OwnKeys = {
      ...{ keyId: row.id, publicKey: exchange.publicKey, privateKey: exchange.privateKey },
      ...{ signingPublicKey: signing.publicKey, signingPrivateKey: signing.privateKey },
    }
    const locked = await lock(own, row, password)
    return {
      own,
      async write(t: Connection): Promise<void> {
        await t.insertInto('account_key').values(row).execute()
        await t
          .insertInto('account_key_lock')
          .values({ key_id: row.id, ...locked })
          .execute()
        // Of the session: when a reader signed in first stays as unknown as when they sign in later.
        await record(t, {
          accountId,
          act: 'session.keys-made',
          subject: row.id,
          rowDigest: accountKeyDigest(row),
        })
      },
    }
  }

  async function lock(own: OwnKeys, row: Row<'account_key'>, password: string): Promise<Locked> {
    const halves = Buffer.concat([own.privateKey, own.signingPrivateKey])
    const locked = await lockWith(password, halves, purposeOf(row), passwordCost)
    halves.fill(0)
    return locked
  }

  return {
    /**
     * Opens the person's keys into the ring; makes them where there are none, or none that this password opens. A full disk
     * must not keep anybody out: without keys they see what needs none.
     */
    async unlock(accountId: string, password: string): Promise<void> {
      const known = await openWith(accountId, password)
      if (known) return ring.add(accountId, known)
      const made = await prepare(accountId, password)
      try {
        await db.transaction().execute(made.write)
      } catch (error) {
        if (isDiskTrouble(error)) return
        throw error
      }
      ring.add(accountId, made.own)
    },

    /**
     * For another password: what to write in the transaction that changes it, and what to do after. The pair stays; where the
     * old password does not open it, as after a reset, there is a new one.
     */
    async relock(accountId: string, current: string, next: string) {
      const key = await newest(db, accountId)
      const own = key ? await openWith(accountId, current) : null
      if (!key || !own) {
        const made = await prepare(accountId, next)
        return { write: made.write, done: () => ring.add(accountId, made.own) }
      }
      const { id, account_id, public_key, signing_key, made_at } = key
      const locked = await lock(own, { id, account_id, public_key, signing_key, made_at }, next)
      return {
        async write(t: Connection): Promise<void> {
          await t.updateTable('account_key_lock').set(locked).where('key_id', '=', id).execute()
          await record(t, {
            accountId,
            act: 'session.keys-relocked',
            subject: id,
            rowDigest: digestOf(id, locked.box),
          })
        },
        done: () => ring.add(accountId, own),
      }
    },

    /** Signs for the person who is signed in (Ed25519, base64); null where their keys are not in the ring. */
    sign(accountId: string, message: Uint8Array): { keyId: string; publicKey: string; signature: string } | null {
      const own = ring.of(accountId)
      return (
        own && {
          ...{ keyId: own.keyId, publicKey: own.signingPublicKey },
          signature: signed(own.signingPrivateKey, message),
        }
      )
    },

    /** Whether the signature is of this message by a pair of that account, an earlier one too. */
    async isSignedBy(accountId: string, keyId: string, message: Uint8Array, signature: string): Promise<boolean> {
      const key = await db
        .selectFrom('account_key')
        .select('signing_key')
        .where('id', '=', keyId)
        .where('account_id', '=', accountId)
        .executeTakeFirst()
      return key !== undefined && isSignedBy(key.signing_key, message, signature)
    },
  }
}
