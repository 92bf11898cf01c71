import type { Connection } from '../../store/database.ts'
import { openWith } from '../../store/sealed/box.ts'
import { recoveryPair } from '../../store/sealed/recovery-code.ts'
import type { KeyRing } from './key-ring.ts'
import { fitting, recoveryPurpose, seedPurpose, sharePurpose, type StudyKey } from './study-keys.ts'

/**
 * The private half of a study's pair, for whoever may have it: from the envelope that was opened when the reading was
 * sealed, or by the person's own keys in the ring. Null where neither gives it.
 */
export async function privateHalf(
  connection: Connection,
  ring: KeyRing,
  accountId: string | null,
  key: StudyKey,
): Promise<Buffer | null> {
  if (key.opened !== null) return fitting(key, Buffer.from(key.opened, 'base64'))
  const own = accountId === null ? null : ring.of(accountId)
  if (!own || accountId === null) return null
  const { studies } = ring.opened(accountId)!
  const known = studies.get(key.id)
  // A copy: whoever locks the window overwrites what is in the ring.
  if (known) return Buffer.from(known)
  const box = await connection
    .selectFrom('study_key_share')
    .select('box')
    .where('study_key_id', '=', key.id)
    .where('account_key_id', '=', own.keyId)
    .executeTakeFirst()
  const found = box ? openWith(own, box.box, sharePurpose(key.id, own.keyId)) : null
  if (!found || !fitting(key, found)) return null
  // The window may have been locked while the database was asked.
  ring.opened(accountId)?.studies.set(key.id, Buffer.from(found))
  return found
}

/** The private half by the printed key; null where it is another study's. */
export async function halfByRecovery(connection: Connection, key: StudyKey, seed: Buffer): Promise<Buffer | null> {
  const kept = await connection
    .selectFrom('study_recovery')
    .select('box')
    .where('study_key_id', '=', key.id)
    .executeTakeFirst()
  const half = kept ? openWith(recoveryPair(seed), kept.box, recoveryPurpose(key.id)) : null
  return half && fitting(key, half)
}

/** The printed key again, for whoever has the study's. */
export async function recoverySeedOf(connection: Connection, key: StudyKey, half: Buffer): Promise<Buffer | null> {
  const kept = await connection
    .selectFrom('study_recovery')
    .select('seed_box')
    .where('study_key_id', '=', key.id)
    .executeTakeFirst()
  return kept ? openWith({ publicKey: key.public_key, privateKey: half }, kept.seed_box, seedPurpose(key.id)) : null
}
