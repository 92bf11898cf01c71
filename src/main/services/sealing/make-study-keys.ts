import { ConcordError } from '../../domain/error.ts'
import { record } from '../../store/audit.ts'
import type { Connection } from '../../store/database.ts'
import { newId, now } from '../../store/identity.ts'
import type { Row } from '../../store/schema.ts'
import { shutTo } from '../../store/sealed/box.ts'
import { exchangePair } from '../../store/sealed/pairs.ts'
import { newRecoverySeed, recoveryPair } from '../../store/sealed/recovery-code.ts'
import { studyKeyDigest, studyKeyOpenedDigest } from '../../store/witness/digests.ts'
import type { Caller } from '../caller.ts'
import { keepersOf, share } from './study-key-keepers.ts'
import { keysOfStudy, recoveryPurpose, seedPurpose, type StudyKey } from './study-keys.ts'

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
