import type { Tables } from '../schema.ts'
import { ofResults } from './results.ts'
import { ofPlaces, ofStudies } from './studies.ts'
import type { Witness } from './witness.ts'

/** All that audit entries attest, votes first: what is altered is named in this order. */
export const witnesses: readonly Witness[] = [
  ...ofStudies.filter(({ name }) => name === 'vote'),
  ...ofResults,
  ...ofPlaces,
  ...ofStudies.filter(({ name }) => name !== 'vote'),
]

/** Tables that the trail does not attest, and why it need not. A test finds a table that is neither here nor witnessed. */
export const unwitnessed: Partial<Record<keyof Tables, string>> = {
  audit: 'the trail itself',
  job: 'progress of work, for the one who started it; what work brings about has entries of its own',
  workstation: 'when each was seen last; replaced every few seconds',
  epoch: 'the course of a training run, to look at; its result and its model are attested',
  account_key_lock:
    'private keys under a password: an altered or foreign box does not open, and a new pair is recorded',
  reader_key_share: 'keys of votes for their readers: a foreign box is of a key that has no entry, and is refused',
  reading_place: 'where a reader looked last; the next look replaces it',
  account_setting: 'how a person likes the window',
}

/** Columns of witnessed tables that no digest holds, and why not. */
export const unwitnessedColumns: Record<string, string> = {
  'account.failed_attempts': 'counts wrong passwords until the next right one',
  'account.locked_until': 'follows from the count',
  'vote.request': 'what the page called the vote, to know it again when it is sent twice',
  'study_key_share.at': 'the time of the entry',
  'training_run.state': 'changes while it goes on',
  'training_run.error': 'why it stopped, in words',
  'training_run.seconds': 'how long it took so far',
  'training_run.workstation': 'who does the work at the moment',
  'training_run.interrupted_at': 'since when nobody does',
  'training_series.state': 'changes while it goes on',
  'training_series.error': 'why it stopped, in words',
  'training_series.workstation': 'who does the work at the moment',
  'training_series.interrupted_at': 'since when nobody does',
}
