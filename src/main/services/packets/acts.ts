import { ConcordError } from '../../domain/error.ts'
import { digestOf, record } from '../../store/audit.ts'
import type { Connection, Database } from '../../store/database.ts'
import { now } from '../../store/identity.ts'
import type { Row } from '../../store/schema.ts'
import { packetDigest } from '../../store/witness/digests.ts'
import { isUnblinded, refuseBlinded, type Announcer, type Caller } from '../context.ts'
import type { AccountKeys } from '../sealing/account-keys.ts'
import type { Sealing } from '../sealing/index.ts'
import { fingerprint, type Manifest } from './format.ts'

/** What all that is done with packets needs. */
export interface PacketBase {
  db: Database
  announce: Announcer
  sealing: Sealing
  accountKeys: AccountKeys
  folders: { volumes: string }
}

/** Whoever reads in an open study must not hold another reader's votes, nor learn that there are some. Error: `blinded`. */
export async function requireMay(
  connection: Connection,
  caller: Caller,
  study: Row<'study'>,
  readerId: string,
): Promise<void> {
  if (readerId !== caller.accountId) await refuseBlinded(connection, caller, study)
}

/**
 * Whether a reader's name may stand beside what came of theirs, or beside the size of their queue. Not before a lead until the
 * study is unblinded: figures are shown by letters, and a name beside a count of votes would say whose letter it is.
 */
export const mayName = (caller: Caller, study: Row<'study'>): boolean =>
  isUnblinded(study) || !caller.roles.includes('lead')

/** Whether anybody here has more to say than a reader: packets bring readers alone. */
const isLed = async (connection: Connection): Promise<boolean> =>
  (await connection
    .selectFrom('account')
    .select('id')
    .where('state', '=', 'active')
    .where('roles', '!=', '["reader"]')
    .limit(1)
    .executeTakeFirst()) !== undefined

/** Whether whoever is there may open a packet: where people answer for the workstation, they alone. */
export async function mayOpen(connection: Connection, caller: Caller | null): Promise<boolean> {
  if (caller?.roles.some((role) => role === 'lead' || role === 'administrator')) return true
  return !(await isLed(connection))
}

/** Error: `packet-not-here`. */
export async function requireMayOpen(connection: Connection, caller: Caller | null): Promise<void> {
  if (!(await mayOpen(connection, caller)))
    throw new ConcordError(
      'packet-not-here',
      'This workstation has people who answer for it: a lead or an administrator signs in (on the command line: --as NAME) and opens the packet.',
    )
}

/** Whether this very packet was opened, taken along or merged here. One that was made here is not there yet. */
export const isKnown = async (connection: Connection, digest: string, acts: Row<'packet'>['act'][]): Promise<boolean> =>
  (await connection
    .selectFrom('packet')
    .select('digest')
    .where('digest', '=', digest)
    .where('act', 'in', acts)
    .executeTakeFirst()) !== undefined

type Kept = Pick<Manifest, 'study' | 'reader' | 'made'> & { signer: { publicKey: string } }

/** Keeps that a packet was made, opened, taken along or merged; in the caller's transaction, with its entry in the audit trail. */
export async function keep(
  t: Connection,
  { manifest, digest }: { manifest: Kept; digest: string },
  act: Row<'packet'>['act'],
  caller: Caller | null,
  more: { votes?: number; firstRound?: number; about?: string } = {},
): Promise<void> {
  const { study, reader, signer, made } = manifest
  const row: Row<'packet'> = {
    ...{ digest, act, study_id: study.id, account_id: reader.id, signing_key: signer.publicKey, at: now() },
    ...{ done_by: caller?.accountId ?? null, votes: more.votes ?? null, made_at: made },
    first_round: more.firstRound ?? null,
  }
  await t.insertInto('packet').values(row).execute()
  await record(t, { accountId: null, act: 'study.packet-noted', subject: digest, rowDigest: packetDigest(row) })
  const named = act === 'taken' ? 'vote.packet-taken' : `study.packet-${act}`
  const about = [more.about ?? digest, ...(act === 'taken' ? [] : [reader.id])]
  const rowDigest = digestOf(study.id, ...about)
  await record(t, { accountId: caller?.accountId ?? null, act: named, subject: study.id, rowDigest })
}

export const told = (digest: string, publicKey: string) => ({ digest, signer: fingerprint(publicKey) })
