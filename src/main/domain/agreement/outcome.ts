/** A two-sided 95 % interval, lower limit first. */
export type Interval = [number, number]

/** A statistic that may be undefined: then `estimate` is null and `reason` says why, in words a page can show. */
export type Estimate = { estimate: number | null; reason?: string }

/** Why a statistic has no value. One sentence each: the page and the command show them as they are. */
export const reasons = {
  oneRater: 'cannot be computed: agreement needs at least two readers',
  noComplete: 'cannot be computed: no scan has a vote of every reader',
  noPairs: 'cannot be computed: no scan has two votes',
  noCommon: 'cannot be computed: these two readers have no scan in common',
  allEqual: 'cannot be computed: all votes are equal',
  noVotes: 'cannot be computed: there are no votes',
  oneGrade: 'cannot be computed: the scale has only one grade',
  oneSubject: 'an interval cannot be computed from a single scan',
  notPositive: 'cannot be computed: the denominator is not positive',
  noVariance: 'cannot be tested: the variance under chance agreement is zero',
  noBootstrap: 'no interval: no bootstrap was asked for',
  alikeResamples: 'no interval: every resample gives the same value; there are too few scans',
  fewResamples: 'no interval: the statistic is undefined in most resamples',
  noCut: 'cannot be computed: the scale has no grade on one side of the re-scan cut',
  unusedGrade: 'cannot be computed: this grade was never, or always, voted',
  oneScan: 'cannot be computed: it needs at least two scans with a vote of every reader',
  silentReader: 'a reader without a vote has no rate',
  infiniteF: 'F is infinite: the residual variance is zero',
  noPositive: 'cannot be computed: no scan of the positive class has a vote and a reference',
  noNegative: 'cannot be computed: no scan of the negative class has a vote and a reference',
  noReference: 'cannot be computed: no scan has a vote and a reference',
} as const
