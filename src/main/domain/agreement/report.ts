import { agreementAtCut } from './at-cut.ts'
import { bootstrapIntervals, type BootstrapInterval } from './bootstrap.ts'
import { cohenKappa } from './cohen.ts'
import { confusionCounts, confusionMatrix, raterPairs } from './confusion.ts'
import { congerKappa } from './conger.ts'
import { fleissEstimate, fleissKappa } from './fleiss.ts'
import { fleissAvailable, gwetAC } from './gwet.ts'
import { intraclassCorrelations } from './icc.ts'
import { kendallW } from './kendall.ts'
import { type Alpha, coincidences, krippendorffAlpha } from './krippendorff.ts'
import { lightKappa } from './light.ts'
import { type Interval, reasons } from './outcome.ts'
import { percentAgreement } from './percent.ts'
import type { Ratings } from './ratings.ts'
import { readerBias } from './reader-bias.ts'
import { conditionalRescanDisagreement, fullAgreement, rescanDisagreement, rescanRates } from './rescan.ts'
import { type Table, tabulate } from './table.ts'
import { wilsonInterval } from './wilson.ts'

export type ReportOptions = {
  /** Lowest grade that means "scan again"; null where the study has no such cut. */
  rescanFrom: number | null
  /** Bootstrap resamples; 0 leaves the bootstrap intervals null. */
  bootstrap: number
  seed: number | string
}

const metrics = ['nominal', 'ordinal', 'interval'] as const
const schemes = ['none', 'linear', 'quadratic'] as const

/** The statistics whose interval is bootstrapped, in one pass over the resamples. */
function resampled(table: Table, rescanFrom: number | null): (number | null)[] {
  const pairs = coincidences(table)
  return [
    ...metrics.map((metric) => krippendorffAlpha(pairs, table.categories, metric).estimate),
    congerKappa(table).estimate,
    rescanDisagreement(table, rescanFrom).rate,
    fleissEstimate(table),
  ]
}

/** Every agreement statistic of a set of votes, under the keys of the `agreement` command. Rates are fractions. */
export function agreementReport(ratings: Ratings, options: ReportOptions) {
  const table = tabulate(ratings)
  const { raters, categories } = ratings
  const intervals = bootstrapIntervals(table, (of) => resampled(of, options.rescanFrom), {
    resamples: options.bootstrap,
    seed: options.seed,
    clusters: ratings.clusters,
  })
  const pairs = raterPairs(raters.length)
  const named = ([a, b]: [number, number]): [string, string] => [raters[a]!, raters[b]!]
  const cohen = pairs.flatMap((pair) => {
    const counts = confusionCounts(table, ...pair)
    return schemes.map((weights) => ({ raters: named(pair), weights, ...cohenKappa(counts, categories, weights) }))
  })
  const light = (weights: string) =>
    lightKappa(cohen.filter((one) => one.weights === weights).map((one) => one.estimate))
  const coincident = coincidences(table)
  const [nominal, ordinal, interval] = metrics.map((metric, i) =>
    withInterval(krippendorffAlpha(coincident, categories, metric), intervals[i]!),
  ) as [WithInterval<Alpha>, WithInterval<Alpha>, WithInterval<Alpha>]
  const { rate: fullAgreementRate } = fullAgreement(table, 'complete')
  const { n: iccSubjects, ...icc } = intraclassCorrelations(table)
  return {
    subjects: ratings.subjects.length,
    raters: [...raters],
    categories: [...categories],
    percentAgreement: percentAgreement(table),
    cohenKappa: cohen,
    lightKappa: { none: light('none'), linear: light('linear'), quadratic: light('quadratic') },
    fleissKappa: withBootstrap(fleissKappa(table), options.bootstrap > 0 ? intervals[5]! : null),
    fleissKappaAvailable: fleissAvailable(table),
    congerKappa: withInterval(congerKappa(table), intervals[3]!),
    krippendorffAlpha: { nominal, ordinal, interval },
    gwetAC1: gwetAC(table, 'none'),
    gwetAC2: {
      linear: gwetAC(table, 'linear'),
      quadratic: gwetAC(table, 'quadratic'),
      ordinal: gwetAC(table, 'ordinal'),
    },
    icc,
    iccSubjects,
    kendallW: kendallW(table),
    rescan: rescanPart(ratings, table, options, intervals[4]!),
    fullAgreementRate,
    ...(fullAgreementRate === null ? { reason: fullAgreement(table, 'complete').reason } : {}),
    atCut: pairs.map((pair) => ({ raters: named(pair), ...agreementAtCut(table, ...pair, options.rescanFrom) })),
    readerBias: pairs.map((pair) => ({ raters: named(pair), ...readerBias(table, ...pair) })),
    confusion: pairs.map((pair) => ({ raters: named(pair), matrix: confusionMatrix(table, ...pair) })),
  }
}

export type AgreementReport = ReturnType<typeof agreementReport>
export type RescanFigure = {
  disagreementRate: number | null
  /** Scans whose votes fall on both sides of the cut, of `n` with two or more votes. */
  count: number
  n: number
  ci: Interval | null
  interval: 'Wilson' | 'bootstrap by patient' | 'Wilson over patients' | null
  reason?: string
}

/** The re-scan figures of the whole. */
function rescanPart(ratings: Ratings, table: Table, options: ReportOptions, bootstrap: BootstrapInterval) {
  const figure = rescanFigure(ratings, table, options.rescanFrom, bootstrap)
  const perReader = rescanRates(table, options.rescanFrom)
  const why = figure.reason ?? (perReader.includes(null) ? reasons.silentReader : undefined)
  return {
    ...figure,
    perReaderRate: Object.fromEntries(ratings.raters.map((name, r) => [name, perReader[r] ?? null])),
    besideCut: conditionalRescanDisagreement(table, options.rescanFrom),
    ...(why === undefined ? {} : { reason: why }),
  }
}

/** Re-scan disagreement of part of the scans (a site, a month), with its interval as in the report. */
export function rescanOfGroup(ratings: Ratings, options: ReportOptions): RescanFigure {
  const table = tabulate(ratings)
  const [bootstrap] = bootstrapIntervals(table, (of) => [rescanDisagreement(of, options.rescanFrom).rate], {
    resamples: clustered(ratings.clusters) ? options.bootstrap : 0,
    seed: options.seed,
    clusters: ratings.clusters,
  })
  return rescanFigure(ratings, table, options.rescanFrom, bootstrap!)
}

/**
 * The interval is Wilson's. Where a patient has several scans that would be too narrow: it is the bootstrap by patient
 * (null if none was asked for), except at none or all, where every resample is alike and the bootstrap knows no
 * uncertainty: there it is Wilson's over patients, as if a patient's scans were one.
 */
function rescanFigure(
  ratings: Ratings,
  table: Table,
  rescanFrom: number | null,
  bootstrap: BootstrapInterval,
): RescanFigure {
  const { rate, count, n, ci, reason } = rescanDisagreement(table, rescanFrom)
  const figure = { disagreementRate: rate, count, n }
  if (rate === null) return { ...figure, ci: null, interval: null, ...(reason === undefined ? {} : { reason }) }
  if (!clustered(ratings.clusters)) return { ...figure, ci, interval: 'Wilson' as const }
  if (count > 0 && count < n)
    return {
      ...figure,
      ci: bootstrap.ci,
      interval: 'bootstrap by patient' as const,
      ...(bootstrap.reason === undefined ? {} : { reason: bootstrap.reason }),
    }
  const patients = patientsWithTwoVotes(ratings.clusters!, table)
  return {
    ...figure,
    ci: wilsonInterval(count === 0 ? 0 : patients, patients),
    interval: 'Wilson over patients' as const,
  }
}

function patientsWithTwoVotes(clusters: Int32Array, table: Table): number {
  return new Set(clusters.filter((_, subject) => table.votes[table.rowOf[subject]!]! >= 2)).size
}

type WithInterval<T> = T & { ci: Interval | null; reason?: string }

/** A statistic with its bootstrap interval; the statistic's own reason, if it has one, stands first. */
function withInterval<T extends { estimate: number | null; reason?: string }>(
  statistic: T,
  interval: BootstrapInterval,
): WithInterval<T> {
  const reason = statistic.reason ?? interval.reason
  const ci = statistic.estimate === null ? null : interval.ci
  return { ...statistic, ci, ...(reason === undefined ? {} : { reason }) }
}

/** Fleiss' kappa has its own interval; that of the bootstrap, which knows of patients, stands beside it if asked for. */
function withBootstrap<T extends { estimate: number | null; reason?: string }>(
  statistic: T,
  interval: BootstrapInterval | null,
): T & { bootstrapCi?: Interval | null; reason?: string } {
  if (interval === null || statistic.estimate === null) return statistic
  const reason = statistic.reason ?? interval.reason
  return { ...statistic, bootstrapCi: interval.ci, ...(reason === undefined ? {} : { reason }) }
}

/** True where a cluster holds more than one subject. */
function clustered(clusters: Int32Array | null): boolean {
  return clusters !== null && new Set(clusters).size < clusters.length
}
