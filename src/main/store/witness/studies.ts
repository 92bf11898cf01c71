import { voteDigest } from '../audit.ts'
import {
  accountDigest,
  accountKeyDigest,
  earlier,
  motionDigest,
  packetDigest,
  pacsDigest,
  readerKeyDigest,
  referenceDigest,
  roiDigest,
  studyKeyDigest,
  studyKeyOpenedDigest,
  studyKeyShareDigest,
  studyMadeDigest,
} from './digests.ts'
import { queuesDigest, scanDigests, studyDigest } from './groups.ts'
import { each, witness, type Witness } from './witness.ts'

/** People, keys and archives. */
export const ofPlaces: readonly Witness[] = [
  witness('account', {
    ...{ word: 'account', newest: true },
    acts: [
      ...['account.created', 'account.changed', 'account.closed', 'account.opened-again'],
      ...['account.password-changed', 'account.password-reset'],
    ],
    say: (rows) =>
      rows.map((row) => ({ subject: row.id, digest: accountDigest(row), earlier: [earlier.account(row)] })),
  }),
  witness('account_key', {
    ...{ word: 'key of an account', acts: ['session.keys-made'] },
    say: (rows) => rows.map((row) => ({ subject: row.id, digest: accountKeyDigest(row) })),
  }),
  witness('pacs', {
    ...{ word: 'place of an archive', acts: ['pacs.set', 'pacs.removed'], newest: true },
    say: (rows) => rows.map((row) => ({ subject: row.id, digest: pacsDigest(row), earlier: [earlier.pacs(row)] })),
  }),
]

/** Studies, their scans and queues, and what people said of these. */
export const ofStudies: readonly Witness[] = [
  witness('study', {
    ...{ word: 'study', acts: ['study.created'] },
    say: (rows) => rows.map((row) => ({ subject: row.id, digest: studyMadeDigest(row), earlier: earlier.study(row) })),
  }),
  witness('study', {
    ...{ name: 'reading of a study', word: 'reading of a study', newest: true },
    also: ['study_reader', 'known_case', 'reading_again', 'study_recovery'],
    acts: [
      ...['study.designed', 'study.readers-set', 'study.case-added', 'study.case-removed', 'study.taken-in'],
      ...['study.readers-see-allowed', 'study.readers-see-withdrawn', 'study.opened', 'study.opened-again'],
      ...['study.sealed', 'study.unblinded', 'study.recovery-kept'],
    ],
    say: (rows, connection) =>
      each(rows, async ({ id }) => ({ subject: id, digest: await studyDigest(connection, id), parent: id })),
  }),
  witness('study', {
    ...{ name: 'queues of a study', word: 'queue of a reader', also: ['assignment'], newest: true },
    acts: ['study.queues-made'],
    say: async (rows, connection) =>
      (
        await each(rows, async ({ id }) => ({ subject: id, digest: await queuesDigest(connection, id), parent: id }))
      ).flatMap(({ digest, ...row }) => (digest === null ? [] : [{ ...row, digest }])),
  }),
  witness('study_key', {
    ...{ word: 'key of a study', acts: ['study.keys-made'] },
    say: (rows) => rows.map((row) => ({ subject: row.id, digest: studyKeyDigest(row) })),
  }),
  witness('study_key', {
    ...{ name: 'study_key_share', word: 'box of a study’s key', also: ['study_key_share'] },
    ...{ acts: ['study.key-shared'], subject: 'study_id', many: true },
    say: async (rows, connection) =>
      (
        await each(rows, async ({ id, study_id }) => {
          const shares = await connection
            .selectFrom('study_key_share')
            .innerJoin('account_key', 'account_key.id', 'study_key_share.account_key_id')
            .selectAll('study_key_share')
            .select('account_key.account_id')
            .where('study_key_id', '=', id)
            .execute()
          return shares.map((row) => ({ subject: study_id, digest: studyKeyShareDigest(row, row.account_id) }))
        })
      ).flat(),
  }),
  witness('study_key', {
    ...{ name: 'study_key_opened', word: 'opened key of a study', also: ['study_key_opened'] },
    ...{ acts: ['study.key-opened'], subject: 'study_id', many: true },
    say: async (rows, connection) =>
      (
        await each(rows, async ({ id, study_id }) => {
          const opened = await connection
            .selectFrom('study_key_opened')
            .selectAll()
            .where('study_key_id', '=', id)
            .execute()
          return opened.map((row) => ({
            ...{ subject: study_id, digest: studyKeyOpenedDigest(row), earlier: [earlier.keyOpened(row)] },
          }))
        })
      ).flat(),
  }),
  witness('reader_key', {
    ...{ word: "key of a reader's votes", acts: ['vote.key-made'] },
    say: (rows) => rows.map((row) => ({ subject: row.id, digest: readerKeyDigest(row) })),
  }),
  witness('packet', {
    ...{ word: 'record of a packet', acts: ['study.packet-noted'], key: 'digest' },
    say: (rows) => rows.map((row) => ({ subject: row.digest, digest: packetDigest(row), parent: row.study_id })),
  }),
  witness('scan', {
    ...{ word: 'scan', acts: ['scan.imported', 'scan.to-readers'], newest: true },
    also: ['patient', 'scan_day', 'scan_origin'],
    say: async (rows, connection) =>
      (await scanDigests(connection, rows)).map(({ scan, digest }) => ({
        ...{ subject: scan.id, digest, earlier: earlier.scan(scan), parent: scan.study_id },
      })),
  }),
  witness('motion_estimate', {
    ...{ word: 'estimate of motion', acts: ['scan.motion-estimated'], key: 'scan_id' },
    say: (rows) =>
      rows.map((row) => ({ subject: row.scan_id, digest: motionDigest(row), earlier: [earlier.motion(row)] })),
  }),
  witness('scan_reference', {
    ...{ word: 'known truth', acts: ['scan.truth-set'] },
    say: (rows) =>
      rows.map((row) => ({ subject: row.id, digest: referenceDigest(row), earlier: [earlier.reference(row)] })),
  }),
  witness('roi_placement', {
    ...{ word: 'region of interest', acts: ['roi.placed'] },
    say: (rows) => rows.map((row) => ({ subject: row.id, digest: roiDigest(row) })),
  }),
  witness('vote', {
    ...{ word: 'vote', acts: ['vote.cast', 'vote.withdrawn', 'vote.merged'] },
    say: (rows) => rows.map((row) => ({ subject: row.id, digest: voteDigest(row) })),
  }),
]
