import { agreementAtCut } from './at-cut.ts'
import { bootstrapSteps, type BootstrapInterval, toTheEnd } from './bootstrap.ts'
import { cohenKappa } from './cohen.ts'
import { confusionMatrix, raterPairs, type RaterVotes, votesOfRaters } from './confusion.ts'
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
import { APART, figureOfPatients, type Patients, rescanFigureOf, TOGETHER, UNKNOWN } from './rescan-figure.ts'
import { cutIndex } from '../scale.ts'
import { type Table, tabulate } from './table.ts'
import { agreementWeights } from './weights.ts'

export type ReportOptions = {
  /** Lowest grade that means "scan again"; null where the study has no such cut. */
  rescanFrom: number | null
  /** Bootstrap resamples; 0 leaves the bootstrap intervals null. */
  bootstrap: number
  seed: number | string
  /** Resamples of the re-scan interval where a patient has several scans, as `bootstrap` unless it is said. */
  rescanBootstrap?: number
}

const metrics = ['nominal', 'ordinal', 'interval'] as const
const schemes = ['none', 'linear', 'quadratic'] as const

/** The statistics whose interval is bootstrapped, in one pass over the resamples. */
function resampled(table: Table): (number | null)[] {
  const pairs = coincidences(table)
  return [
    ...metrics.map((metric) => krippendorffAlpha(pairs, table.categories, metric).estimate),
    congerKappa(table).estimate,
    fleissEstimate(table),
    percentAgreement(table).pairwise,
  ]
}

/** Every agreement statistic of a set of votes, under the keys of the `agreement` command. Rates are fractions. */
export function agreementReport(ratings: Ratings, options: ReportOptions): AgreementReport {
  return toTheEnd(agreementSteps(ratings, options, tabulate(ratings)))
}

/**
 * The same in steps, most of them a resample, for a thread that has to answer others in between. Where `votes` is given, rows
 * of the table that miss a rater's vote need not say who voted what: no other statistic asks it. `patients`: as of the scans'
 * standing to the cut, where they are counted already.
 */
export function* agreementSteps(
  ratings: Pick<Ratings, 'raters' | 'clusters'>,
  options: ReportOptions,
  table: Table,
  votes: RaterVotes & { patients?: Patients } = votesOfRaters(table),
) {
  const { raters } = ratings
  const { categories } = table
  const intervals = yield* bootstrapSteps(table, resampled, {
    resamples: options.bootstrap,
    seed: options.seed,
    clusters: ratings.clusters,
  })
  const pairs = raterPairs(raters.length)
  const counts = votes.pairs
  const named = ([a, b]: [number, number]): [string, string] => [raters[a]!, raters[b]!]
  const weighted = schemes.map((weights) => ({ weights, w: agreementWeights(categories, weights) }))
  const cohen = pairs.flatMap((pair, i) =>
    weighted.map(({ weights, w }) => ({
      ...{ raters: named(pair), weights },
      ...cohenKappa(counts[i]!, categories, weights, w),
    })),
  )
  yield
  const light = (weights: string) =>
    lightKappa(cohen.filter((one) => one.weights === weights).map((one) => one.estimate))
  const coincident = coincidences(table)
  const [nominal, ordinal, interval] = metrics.map((metric, i) =>
    withInterval(krippendorffAlpha(coincident, categories, metric), intervals[i]!),
  ) as [WithInterval<Alpha>, WithInterval<Alpha>, WithInterval<Alpha>]
  const { rate: fullAgreementRate } = fullAgreement(table, 'complete')
  const { n: iccSubjects, ...icc } = intraclassCorrelations(table)
  return {
    subjects: table.rowOf.length,
    raters: [...raters],
    categories: [...categories],
    percentAgreement: percentAgreement(table),
    pairwiseAgreement: pairwiseShare(table, intervals[5]!),
    cohenKappa: cohen,
    lightKappa: { none: light('none'), linear: light('linear'), quadratic: light('quadratic') },
    fleissKappa: withBootstrap(fleissKappa(table), options.bootstrap > 0 ? intervals[4]! : null),
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
    rescan: rescanPart(ratings, table, votes, options),
    fullAgreementRate,
    fullAgreement: fullShare(table, ratings.clusters, options),
    ...(fullAgreementRate === null ? { reason: fullAgreement(table, 'complete').reason } : {}),
    atCut: pairs.map((pair, i) => ({
      raters: named(pair),
      ...agreementAtCut(table, ...pair, options.rescanFrom, counts[i]),
    })),
    readerBias: pairs.map((pair, i) => ({ raters: named(pair), ...readerBias(table, ...pair, counts[i]) })),
    confusion: pairs.map((pair, i) => ({
      raters: named(pair),
      matrix: confusionMatrix(counts[i]!, categories.length),
    })),
  }
}

export type AgreementReport = ReturnType<typeof agreementSteps> extends Generator<void, infer R> ? R : never

/** The re-scan figures of the whole. */
function rescanPart(
  ratings: Pick<Ratings, 'raters' | 'clusters'>,
  table: Table,
  { own, patients }: RaterVotes & { patients?: Patients },
  options: ReportOptions,
) {
  const { reason } = rescanDisagreement(table, options.rescanFrom)
  const drawn = { bootstrap: options.rescanBootstrap ?? options.bootstrap, seed: options.seed }
  const figure = patients
    ? figureOfPatients(patients, drawn, reason)
    : rescanFigureOf(standingOf(table, options.rescanFrom), ratings.clusters, drawn, reason)
  const perReader = rescanRates(table, options.rescanFrom, own)
  const why = figure.reason ?? (perReader.includes(null) ? reasons.silentReader : undefined)
  return {
    ...figure,
    perReaderRate: Object.fromEntries(ratings.raters.map((name, r) => [name, perReader[r] ?? null])),
    besideCut: conditionalRescanDisagreement(table, options.rescanFrom),
    ...(why === undefined ? {} : { reason: why }),
  }
}

/** Agreeing pairs of votes over all pairs, with its bootstrap interval. */
function pairwiseShare(table: Table, interval: BootstrapInterval) {
  const { pairwise: estimate, reason } = percentAgreement(table)
  return withInterval({ estimate, ...(reason === undefined ? {} : { reason }) }, interval)
}

/** Full agreement among the subjects with every rater's vote, its interval by the way of the re-scan rate. */
function fullShare(table: Table, clusters: Int32Array | null, options: ReportOptions) {
  const q = table.categories.length
  const byRow = new Uint8Array(table.rows).fill(UNKNOWN)
  for (let row = 0; row < table.rows; row += 1) {
    const votes = table.votes[row]!
    if (votes !== table.raters || votes < 2) continue
    byRow[row] = table.counts.subarray(row * q, row * q + q).includes(votes) ? APART : TOGETHER
  }
  const bootstrap = options.rescanBootstrap ?? options.bootstrap
  const { reason: why } = fullAgreement(table, 'complete')
  const figure = rescanFigureOf(ofSubjects(byRow, table), clusters, { bootstrap, seed: options.seed }, why)
  const { disagreementRate: estimate, ci, n, reason } = figure
  return { estimate, ci, n, ...(reason === undefined ? {} : { reason }) }
}

/** For each subject how its votes stand to the cut; all unknown where the scale has none, or there is one rater. */
export function standingOf(table: Table, rescanFrom: number | null): Uint8Array {
  const cut = cutIndex(table.categories, rescanFrom)
  const q = table.categories.length
  const byRow = new Uint8Array(table.rows).fill(UNKNOWN)
  for (let row = 0; cut !== null && row < table.rows; row += 1) {
    const votes = table.votes[row]!
    if (votes < 2) continue
    let above = 0
    for (let k = cut; k < q; k += 1) above += table.counts[row * q + k]!
    byRow[row] = above > 0 && above < votes ? APART : TOGETHER
  }
  return ofSubjects(byRow, table)
}

function ofSubjects(byRow: Uint8Array, { rowOf }: Table): Uint8Array {
  const own = new Uint8Array(rowOf.length)
  if (byRow.some((one) => one !== UNKNOWN)) for (let s = 0; s < own.length; s += 1) own[s] = byRow[rowOf[s]!]!
  return own
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
