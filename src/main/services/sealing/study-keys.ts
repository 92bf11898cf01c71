import { ConcordError } from '../../domain/error.ts'
import { isAttested } from '../../store/attested.ts'
import { record } from '../../store/audit.ts'
import type { Connection } from '../../store/database.ts'
import { newId, now } from '../../store/identity.ts'
import type { Row } from '../../store/schema.ts'
import { openWith, shutTo } from '../../store/sealed/box.ts'
import { exchangePair, exchangePublicOf } from '../../store/sealed/pairs.ts'
import { newRecoverySeed, recoveryPair } from '../../store/sealed/recovery-code.ts'
import {
  accountKeyDigest,
  earlier,
  studyKeyDigest,
  studyKeyOpenedDigest,
  studyKeyShareDigest,
  studyMadeDigest,
} from '../../store/witness/digests.ts'
import type { Caller } from '../caller.ts'
import type { KeyRing } from './key-ring.ts'

/** `opened`: the private half, where the reading was sealed. */
export type StudyKey = Row<'study_key'> & { opened: string | null }

const sharePurpose = (studyKeyId: string, accountKeyId: string): string => `study key ${studyKeyId} to ${accountKeyId}`
const recoveryPurpose = (studyKeyId: string): string => `study key ${studyKeyId} to recovery`
const seedPurpose = (studyKeyId: string): string => `recovery of study key ${studyKeyId}`

/** All pairs of a study, the newest last; none where its votes are not encrypted. */
export const keysOfStudy = (connection: Connection, studyId: string): Promise<StudyKey[]> =>
  connection
    .selectFrom('study_key')
    .leftJoin('study_key_opened', 'study_key_opened.study_key_id', 'study_key.id')
    .selectAll('study_key')
    .select('study_key_opened.private_key as opened')
    .where('study_id', '=', studyId)
    .orderBy('generation')
    .execute()

export const studyKeyChanged = (): ConcordError =>
  new ConcordError(
    'study-key-changed',
    'The key that this vote would be sealed with is not the one that the audit trail knows: another program changed the database. Nothing was cast. Tell the lead and the administrator: verify the audit trail, then restore a backup.',
  )

/**
 * Before anything is shut to a study's newest pair: it is the one that the program made, and the reading goes on with it. A pair
 * put beside it is found by the earlier one, which only the seal opens. Error: `study-key-changed`.
 */
export async function requireUnchanged(connection: Connection, keys: readonly StudyKey[]): Promise<void> {
  const key = keys.at(-1)
  const ended = keys.slice(0, -1).every((one) => one.opened && fitting(one, Buffer.from(one.opened, 'base64')))
  if (key?.opened === null && key.generation === keys.length && ended)
    if (await isAttested(connection, 'study.keys-made', key.id, studyKeyDigest(key))) return
  throw studyKeyChanged()
}

/**
 * Before a vote is written in the clear: the study was made like that, and the trail says so. Where another program took away
 * that its votes are encrypted, or the study is none that the program made, nothing is written. Error: `study-altered`.
 */
export async function requireMadeClear(connection: Connection, study: Row<'study'>): Promise<void> {
  const digests = [studyMadeDigest(study), ...earlier.study(study)]
  if (study.votes_encrypted === 0 && (await isAttested(connection, 'study.created', study.id, ...digests))) return
  throw new ConcordError(
    'study-altered',
    'This study is not the one that the audit trail knows: whether its votes are encrypted was changed by another program. Nothing was saved. Tell the lead and the administrator: verify the audit trail, then restore a backup.',
  )
}

/** Newest pair of each account named that the audit trail knows; accounts that never signed in have none. */
async function newestAccountKeys(connection: Connection, accountIds: readonly string[]) {
  if (accountIds.length === 0) return []
  const rows = await connection
    .selectFrom('account_key')
    .selectAll()
    .where('account_id', 'in', [...accountIds])
    .orderBy('id')
    .execute()
  const known = new Map<string, (typeof rows)[number]>()
  for (const row of rows)
    if (await isAttested(connection, 'session.keys-made', row.id, accountKeyDigest(row))) known.set(row.account_id, row)
  return [...known.values()]
}

/**
 * Who is given the key of a study's votes: the leads who do not read in it. Only where there is none of them, those who do:
 * somebody must be able to seal the reading.
 */
async function keepersOf(connection: Connection, studyId: string) {
  const accounts = await connection
    .selectFrom('account')
    .leftJoin('study_reader', (join) =>
      join.onRef('study_reader.account_id', '=', 'account.id').on('study_reader.study_id', '=', studyId),
    )
    .select(['account.id', 'account.roles', 'study_reader.letter'])
    .where('account.state', '=', 'active')
    .execute()
  const leads = accounts.filter(({ roles }) => (JSON.parse(roles) as string[]).includes('lead'))
  const apart = await newestAccountKeys(
    connection,
    leads.filter(({ letter }) => letter === null).map(({ id }) => id),
  )
  return apart.length > 0
    ? apart
    : newestAccountKeys(
        connection,
        leads.map(({ id }) => id),
      )
}

/**
 * Makes a study's pair in the transaction that opens its reading, with a share for each lead who may have one and for the
 * key that is printed. The private half itself is kept nowhere. Error: `study-without-keeper`.
 */
export async function makeStudyKeys(t: Connection, caller: Caller, studyId: string): Promise<void> {
  const keepers = await keepersOf(t, studyId)
  if (keepers.length === 0)
    throw new ConcordError(
      'study-without-keeper',
      'The votes of this study are encrypted for its leads, but no lead has signed in yet. Let one sign in once, then open the reading.',
    )
  const generation = (await keysOfStudy(t, studyId)).length + 1
  const pair = exchangePair()
  const row: Row<'study_key'> = {
    ...{ id: newId(), study_id: studyId, generation, public_key: pair.publicKey, made_at: now() },
  }
  const key: StudyKey = { ...row, opened: null }
  const seed = newRecoverySeed()
  const recovery = recoveryPair(seed)
  await t.insertInto('study_key').values(row).execute()
  await t
    .insertInto('study_recovery')
    .values({
      ...{ study_key_id: key.id, public_key: recovery.publicKey, kept_at: null, kept_by: null },
      box: shutTo(recovery.publicKey, pair.privateKey, recoveryPurpose(key.id)),
      seed_box: shutTo(pair.publicKey, seed, seedPurpose(key.id)),
    })
    .execute()
  await record(t, {
    accountId: caller.accountId,
    act: 'study.keys-made',
    subject: key.id,
    rowDigest: studyKeyDigest(key),
  })
  await share(t, caller, key, pair.privateKey, keepers)
  for (const secret of [pair.privateKey, recovery.privateKey, seed]) secret.fill(0)
}

export async function share(
  t: Connection,
  caller: Caller,
  key: StudyKey,
  privateKey: Buffer,
  keepers: readonly { id: string; account_id: string; public_key: string }[],
): Promise<void> {
  for (const keeper of keepers) {
    const box = shutTo(keeper.public_key, privateKey, sharePurpose(key.id, keeper.id))
    const row = { study_key_id: key.id, account_key_id: keeper.id, box, at: now() }
    await t.insertInto('study_key_share').values(row).execute()
    await record(t, {
      accountId: caller.accountId,
      act: 'study.key-shared',
      subject: key.study_id,
      rowDigest: studyKeyShareDigest(row, keeper.account_id),
    })
  }
}

/** The keepers whose newest pair has no share yet: a lead who came later, or whose password was reset. */
export async function keepersWithout(connection: Connection, key: StudyKey) {
  const known = await connection
    .selectFrom('study_key_share')
    .select('account_key_id')
    .where('study_key_id', '=', key.id)
    .execute()
  const has = new Set(known.map((row) => row.account_key_id))
  return (await keepersOf(connection, key.study_id)).filter(({ id }) => !has.has(id))
}

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

/** A half that does not belong to the public one beside it was put there by another program. */
function fitting(key: StudyKey, half: Buffer): Buffer | null {
  return half.length === 32 && exchangePublicOf(half) === key.public_key ? half : null
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

/** Opens the envelope for good, in the transaction that seals the reading. Nothing where it is open already. */
export async function openEnvelope(t: Connection, caller: Caller, key: StudyKey, half: Buffer): Promise<void> {
  const row: Row<'study_key_opened'> = {
    ...{ study_key_id: key.id, private_key: half.toString('base64'), account_id: caller.accountId, at: now() },
  }
  const { numInsertedOrUpdatedRows } = await t
    .insertInto('study_key_opened')
    .values(row)
    .onConflict((c) => c.column('study_key_id').doNothing())
    .executeTakeFirst()
  if (Number(numInsertedOrUpdatedRows ?? 0) === 0) return
  await record(t, {
    accountId: caller.accountId,
    act: 'study.key-opened',
    subject: key.study_id,
    rowDigest: studyKeyOpenedDigest(row),
  })
}
