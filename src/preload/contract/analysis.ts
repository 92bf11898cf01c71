import { z } from 'zod'
import { route } from './route.ts'
import { adjudicationCause } from './causes.ts'
import { estimate, gradeValue, id, side, site, time } from './common.ts'
import { match } from './reading.ts'
import { study } from './studies.ts'

const interval = z.tuple([z.number(), z.number()]).nullable()
const pairOf = z.tuple([z.string(), z.string()])
const possible = z.number().nullable()

/** The agreement object of the headless command, key for key; deeper parts stay open to more keys. */
export const agreementReport = z.looseObject({
  subjects: z.number(),
  raters: z.array(z.string()),
  categories: z.array(z.number()),
  percentAgreement: z.looseObject({ allRaters: possible, pairwise: possible }),
  pairwiseAgreement: estimate,
  cohenKappa: z.array(z.looseObject({ raters: pairOf, weights: z.string(), ...estimate.shape })),
  lightKappa: z.looseObject({ none: estimate, linear: estimate, quadratic: estimate }),
  fleissKappa: estimate,
  fleissKappaAvailable: estimate,
  congerKappa: estimate,
  krippendorffAlpha: z.looseObject({ nominal: estimate, ordinal: estimate, interval: estimate }),
  gwetAC1: estimate,
  gwetAC2: z.looseObject({ linear: estimate, quadratic: estimate, ordinal: estimate }),
  icc: z.record(z.string(), estimate),
  iccSubjects: z.number(),
  kendallW: estimate,
  rescan: z.looseObject({
    disagreementRate: z.number().nullable(),
    count: z.number(),
    n: z.number(),
    ci: interval,
    interval: z.enum(['Wilson', 'bootstrap by patient', 'Wilson over patients']).nullable(),
    reason: z.string().optional(),
    perReaderRate: z.record(z.string(), possible),
    /** Among the scans whose rounded grade is one of the two beside the cut. */
    besideCut: z.looseObject({ rate: possible, count: z.number(), n: z.number(), ci: interval }),
  }),
  fullAgreementRate: possible,
  fullAgreement: estimate,
  confusion: z.array(z.looseObject({ raters: pairOf, matrix: z.array(z.array(z.number())) })),
  /** Two readers' re-scan decisions. */
  atCut: z.array(
    z.looseObject({
      raters: pairOf,
      n: z.number(),
      observed: possible,
      positive: possible,
      negative: possible,
      prevalenceIndex: possible,
      biasIndex: possible,
      pabak: possible,
      mcnemarP: possible,
      reason: z.string().optional(),
    }),
  ),
  /** How much higher the first of two readers grades. */
  readerBias: z.array(
    z.looseObject({
      raters: pairOf,
      meanDifference: possible,
      ci: interval,
      p: possible,
      n: z.number(),
      reason: z.string().optional(),
    }),
  ),
})
export type AgreementReport = z.infer<typeof agreementReport>

const groupRate = {
  rate: z.number().nullable(),
  count: z.int(),
  n: z.int(),
  ci: interval,
  reason: z.string().optional(),
}

const twoClasses = {
  tp: z.int(),
  tn: z.int(),
  fp: z.int(),
  fn: z.int(),
  sensitivity: z.object(groupRate),
  specificity: z.object(groupRate),
  accuracy: z.object(groupRate),
}

/** Rules by which votes become a label. */
export const labelRule = z.enum(['majority', 'rounded-mean', 'median', 'dawid-skene'])

const dateOf = z.iso.date()

/** Which votes the figures are of; what is left out is not filtered. Days of casting, both included. */
export const overviewFilter = z.strictObject({
  site: site.optional(),
  readers: z.array(z.string().max(8)).min(1).max(100).optional(),
  from: dateOf.optional(),
  to: dateOf.optional(),
  /** With `label`, only the scans to which the rule gives that label from the votes that pass the rest; null: no label. */
  rule: labelRule.optional(),
  label: gradeValue.nullable().optional(),
})
export type OverviewFilter = z.infer<typeof overviewFilter>

const gradeCount = z.object({ grade: gradeValue.nullable(), count: z.int() })

export const overview = z.object({
  study,
  votes: z.object({ cast: z.int(), expected: z.int() }),
  /** On which anybody voted, earliest first. */
  days: z.array(z.iso.date()),
  readers: z.array(
    z.object({
      /** A, B, C …: stable within the study. The name only after unblinding. */
      letter: z.string(),
      displayName: z.string().nullable(),
      cast: z.int(),
      total: z.int(),
      /** Votes on each of `days`. */
      byDay: z.array(z.int()),
      distribution: z.array(gradeCount),
      /** Of the scans shown a second time. */
      repeats: z.object({
        n: z.int(),
        same: z.number().nullable(),
        quadraticKappa: z.number().nullable(),
        rescan: z.object({ rate: z.number().nullable(), count: z.int(), n: z.int(), ci: interval }),
        reason: z.string().optional(),
      }),
      /** Grades by which the reader moves against the others from the first to the last vote. */
      drift: z.object({
        change: z.number().nullable(),
        ci: interval,
        t: z.number().nullable(),
        p: z.number().nullable(),
        n: z.int(),
        reason: z.string().optional(),
      }),
      /** Own grade less the mean of the others, in ten parts of the reader's own order. */
      driftParts: z.array(z.object({ part: z.int(), mean: z.number(), n: z.int() })),
    }),
  ),
  agreement: agreementReport,
  rescanBySite: z.array(z.object({ site, ...groupRate })),
  /** Of the scans that both readers graded. */
  rescanByPair: z.array(z.object({ raters: z.tuple([z.string(), z.string()]), ...groupRate })),
  /** By the month (YYYY-MM) of a scan's last vote. */
  rescanByMonth: z.array(z.object({ month: z.string(), ...groupRate })),
  /** How often each rule gives each label, `grade` null: none; `counts` null where it was not asked for. */
  labels: z.array(z.object({ rule: labelRule, counts: z.array(gradeCount).nullable() })),
  /** Scans in which the rounded mean and the majority of the re-scan decision part ways. */
  ruleConflicts: z.int(),
  disputed: z.int(),
  /**
   * Of a study that asks for a condition (`cutMeans` positive), else null: sensitivity and specificity against the known truth
   * or, where no scan's is known, of each reader against the majority of the others.
   */
  classes: z
    .object({
      reference: z.enum(['truth', 'others']),
      positives: z.int().nullable(),
      negatives: z.int().nullable(),
      readers: z.array(z.object({ letter: z.string(), ...twoClasses })),
      majority: z.object(twoClasses).nullable(),
    })
    .nullable(),
  /** False: the intervals of the coefficients and the labels of Dawid and Skene are not in here. */
  everything: z.boolean(),
})
export type Overview = z.infer<typeof overview>

export const disputedScan = z.object({
  scanId: id,
  pseudonym: z.string(),
  site,
  side,
  /** By letter alone, also after unblinding: `showNames` tells who they are, and records that it was asked. */
  votes: z.array(
    z.object({
      letter: z.string(),
      grade: gradeValue.nullable(),
      reason: z.string().nullable(),
      note: z.string().nullable(),
      worstSlice: z.int().nullable(),
    }),
  ),
  /** Largest minus smallest grade. */
  range: z.int(),
  /** Votes fall on both sides of the re-scan cut. */
  acrossCut: z.boolean(),
  /** Of the grades' distribution, in bits; 0 where all are equal. */
  entropy: z.number(),
  majority: gradeValue.nullable(),
  roundedMean: gradeValue.nullable(),
  /** The rounded mean and the majority of the re-scan decision differ. */
  ruleConflict: z.boolean(),
  adjudicated: z.object({ grade: gradeValue, cause: adjudicationCause, reason: z.string(), at: time }).nullable(),
})
export type DisputedScan = z.infer<typeof disputedScan>

/** How far readers agree with themselves, with known grades, and with the model they were shown. */
export const quality = z.object({
  /** Whose grade readers saw after their first vote; null where none is shown. */
  shownModel: z.string().nullable(),
  readers: z.array(
    z.object({
      letter: z.string(),
      /** The first against the unannounced second vote of the same round. */
      repeats: match,
      /** The first round against each later one. */
      rounds: z.array(z.object({ round: z.int(), ...match.shape })),
      hidden: match,
      calibration: match,
      paired: z
        .object({
          /** Scans with both votes. */
          n: z.int(),
          switched: z.int(),
          rate: z.number().nullable(),
          ci: z.tuple([z.number(), z.number()]).nullable(),
          /** Switched to the model's grade, or nearer to it; away from it. */
          towards: z.int(),
          away: z.int(),
          /** The second vote is on the other side of the re-scan cut; null without a cut. */
          acrossCut: z.int().nullable(),
          /** Votes equal to the model's grade, before and after it was shown. */
          withModelBefore: z.int(),
          withModelAfter: z.int(),
        })
        .nullable(),
    }),
  ),
})
export type Quality = z.infer<typeof quality>

/** One page of the disputed scans, sorted and counted over all that pass the filter. */
export const disputedRequest = z.strictObject({
  studyId: id,
  filter: overviewFilter.optional(),
  only: z.strictObject({ acrossCut: z.boolean(), unsettled: z.boolean(), conflict: z.boolean() }),
  order: z.strictObject({
    by: z.enum(['dispute', 'range', 'entropy', 'pseudonym', 'site', 'settled']),
    down: z.boolean(),
  }),
  offset: z.int().min(0),
  limit: z.int().min(1).max(500),
})
export type DisputedRequest = z.infer<typeof disputedRequest>
export const disputedPage = z.object({
  /** Disputed scans that pass the filter, and of them those across the cut, with conflicting rules, not settled. */
  total: z.int(),
  acrossCut: z.int(),
  conflicts: z.int(),
  unsettled: z.int(),
  /** Of those not settled: with conflicting rules, and without a majority. */
  openConflicts: z.int(),
  noMajority: z.int(),
  /** Those that pass `only` too; `rows` are the ones from `offset`. */
  shown: z.int(),
  rows: z.array(disputedScan),
})
export type DisputedPage = z.infer<typeof disputedPage>

const ofStudy = z.strictObject({ studyId: id })

/** For leads. A lead who also reads in the study is refused before sealing (`blinded`). */
export const analysis = {
  /**
   * Asks for a CSV of known truths (columns subject, grade) and keeps it; null where no file was chosen. Errors: `truth-unreadable`,
   * `scan-unknown`, `grade-unknown`, `blinded`.
   */
  importTruth: route(
    ['lead'],
    z.strictObject({ studyId: id }),
    z.object({ set: z.int(), unchanged: z.int() }).nullable(),
  ),
  /** Repeats, known cases, rounds and second votes, reader by reader. Those who read in the study learn it after the seal. */
  quality: route(['lead'], ofStudy, quality),
  /** `everything: false` answers at once, without what takes longer. */
  overview: route(
    ['lead'],
    z.strictObject({ studyId: id, filter: overviewFilter.optional(), everything: z.boolean().optional() }),
    overview,
  ),
  disputedPage: route(['lead'], disputedRequest, disputedPage),
  /** Ends the reading: no vote can be cast afterwards. Error: `votes-missing` unless `incomplete` is true. */
  seal: route(['lead'], z.strictObject({ studyId: id, incomplete: z.boolean() }), study),
  /** Shows which reader is A, B, C. Recorded. Errors: `study-not-sealed`, `study-unblinded`. */
  unblind: route(['lead'], ofStudy, study),
  /** Who graded one scan, by letter, in an unblinded study; that it was asked is recorded. Errors: `study-not-unblinded`, `scan-unknown`. */
  showNames: route(
    ['lead'],
    z.strictObject({ studyId: id, scanId: id }),
    z.array(z.object({ letter: z.string(), displayName: z.string() })),
  ),
  /**
   * Settles one disputed scan with a reason from the list, own words, or both. Insert only: a later one counts, the earlier
   * stays. Errors: `study-not-sealed`, `grade-unknown`, `scan-not-disputed`, `reason-missing` (cause `other` without words),
   * `cause-foreign` (a reason of another kind of study).
   */
  adjudicate: route(
    ['lead'],
    z.strictObject({
      studyId: id,
      scanId: id,
      grade: gradeValue,
      cause: adjudicationCause.optional(),
      reason: z.string().trim().max(500),
    }),
    disputedScan,
  ),
}
