import type { Interval } from '../../domain/agreement/outcome.ts'
import type { Page } from './content.ts'
import { interval, share, shareInterval, value, withInterval } from './figures.ts'
import { decimal, percent, probability } from './format.ts'
import { classWords } from './condition-words.ts'
import { escape, matrix, paragraph, spread, strip, table } from './html.ts'
import { heading } from './method.ts'

/** GRRAS 11 and 13: what was counted and estimated, with its uncertainty. */
export function results(page: Page): string {
  const { words, agreement } = page
  return [
    heading(words.sections.results),
    classes(page),
    readers(page),
    agreement.rescan.disagreementRate === null ? '' : rescan(page),
    coefficients(page),
    agreement.raters.length > 1 ? pairs(page) : '',
    repeats(page),
    knownAndAgain(page),
  ].join('')
}

/** Sensitivity and specificity first, of a study that asks for a condition. */
function classes(page: Page): string {
  const { content, caption } = page
  const { classes: found } = content.overview
  if (!found) return ''
  const words = classWords[content.language]
  const rows = [
    ...found.readers.map((one) => ({ name: one.letter, ...one })),
    ...(found.majority ? [{ name: words.majority, ...found.majority }] : []),
  ]
  const cell = ({ rate, ci, reason }: (typeof rows)[number]['sensitivity']): string =>
    rate === null ? share(page, null, reason) : `${percent(rate, content.language)} (${shareInterval(page, ci)})`
  return (
    table(
      caption(words.title),
      words.head,
      rows.map((one) => [one.name, cell(one.sensitivity), cell(one.specificity), one.tp, one.fn, one.tn, one.fp]),
      { right: [1, 2, 3, 4, 5, 6] },
    ) + paragraph(found.reference === 'truth' ? words.truth : words.others, 'note')
  )
}

function readers({ content, words, caption, agreement }: Page): string {
  const { overview, language } = content
  const grades = overview.readers[0]?.distribution ?? []
  const rates = agreement.rescan.perReaderRate as Record<string, number | null>
  return table(
    caption(words.votesTable),
    [
      words.votesHead.reader,
      words.votesHead.votes,
      ...grades.map(({ grade }) => (grade === null ? words.cannot : String(grade))),
      words.votesHead.spread,
      words.votesHead.rescan,
    ],
    overview.readers.map(({ letter, cast, total, distribution }) => {
      const rate = rates[letter] ?? null
      return [
        letter,
        `${cast} / ${total}`,
        ...distribution.map(({ count }) => count),
        spread(distribution),
        rate === null ? '–' : percent(rate, language),
      ]
    }),
    { right: [1, grades.length + 3] },
  )
}

/** As on the lead's page: the whole, then where it comes from. */
function rescan(page: Page): string {
  const { content, words, agreement, caption } = page
  const { rescanBySite, rescanByPair, rescanByMonth } = content.overview
  const { besideCut, ...whole } = agreement.rescan
  const rows = [
    { part: words.all, rate: whole.disagreementRate, count: whole.count, n: whole.n, ci: whole.ci },
    { part: words.besideCut, ...besideCut },
    ...rescanBySite.map((one) => ({ ...one, part: words.bySite(words.site[one.site] ?? one.site) })),
    ...rescanByPair.map((one) => ({ ...one, part: words.byPair(one.raters.join('–')) })),
    ...rescanByMonth.map((one) => ({ ...one, part: words.byMonth(one.month) })),
  ]
  const reach = Math.max(0.05, ...rows.map(({ ci, rate }) => ci?.[1] ?? rate ?? 0))
  const most = Math.min(1, Math.ceil(reach * 10) / 10)
  const [part, disagree, scans, rate, limits, axis] = words.rescanHead
  return table(
    caption(words.rescanTable),
    [part, disagree, scans, rate, limits, axis(`${decimal(most * 100, 0, content.language)}\u00a0%`)],
    rows.map((row) => [
      row.part,
      row.count,
      row.n,
      share(page, row.rate),
      shareInterval(page, row.ci),
      strip(row.rate, row.ci, most),
    ]),
    { right: [3] },
  )
}

function coefficients(page: Page): string {
  const { words, agreement, caption, content } = page
  const { fleissKappa, congerKappa, lightKappa, krippendorffAlpha: alpha, gwetAC1, gwetAC2, icc, kendallW } = agreement
  const row = (
    name: string,
    statistic: { estimate: number | null; reason?: string; ci?: [number, number] | null },
    n: number | null,
  ) => [name, value(page, statistic), interval(page, statistic), n ?? '–']
  const all = table(
    caption(words.agreementTable),
    words.agreementHead,
    [
      [words.names.full, share(page, agreement.fullAgreementRate, agreement.reason), '–', fleissKappa.n],
      [
        words.names.pairwise,
        share(page, agreement.percentAgreement.pairwise, agreement.percentAgreement.reason),
        '–',
        agreement.subjects,
      ],
      row(words.names.fleiss, fleissKappa, fleissKappa.n),
      row(words.names.conger, congerKappa, congerKappa.n),
      row(words.names.light, lightKappa.quadratic, null),
      row(words.names.nominal, alpha.nominal, alpha.nominal.units),
      row(words.names.ordinal, alpha.ordinal, alpha.ordinal.units),
      row(words.names.interval, alpha.interval, alpha.interval.units),
      row(words.names.ac1, gwetAC1, gwetAC1.n),
      row(words.names.ac2, gwetAC2.quadratic, gwetAC2.quadratic.n),
      ...(['ICC(2,1)', 'ICC(3,1)', 'ICC(2,k)'] as const).map((form) => row(form, icc[form], agreement.iccSubjects)),
      row(words.names.kendall, kendallW, kendallW.n),
    ],
    { right: [1] },
  )
  const grades = fleissKappa.perCategory
  if (grades.length === 0) return all
  return (
    all +
    table(
      caption(words.gradesTable),
      grades.map(({ category }) => words.grade(category)),
      [grades.map(({ estimate }) => (estimate === null ? '–' : decimal(estimate, 2, content.language)))],
    )
  )
}

function pairs(page: Page): string {
  const { words, agreement, caption, content } = page
  const language = content.language
  const names = [...new Set(agreement.cohenKappa.map(({ raters }) => raters.join('–')))]
  const of = (pair: string, weights: string) =>
    agreement.cohenKappa.find((kappa) => kappa.raters.join('–') === pair && kappa.weights === weights)!
  const kappas = table(
    caption(words.pairsTable),
    words.pairsHead,
    names.map((pair) => [
      pair,
      withInterval(page, of(pair, 'none')),
      withInterval(page, of(pair, 'linear')),
      withInterval(page, of(pair, 'quadratic')),
      of(pair, 'none').n,
    ]),
  )
  const { scale } = content.overview.study
  const rate = (share: number | null): string => (share === null ? '–' : percent(share, language))
  const atCut = table(
    caption(words.cutTable),
    words.cutHead,
    agreement.atCut.map((cut, i) => {
      const bias = agreement.readerBias[i]!
      const difference = {
        estimate: bias.meanDifference,
        ci: bias.ci,
        ...(bias.reason === undefined ? {} : { reason: bias.reason }),
      }
      return [
        cut.raters.join('–'),
        ...[cut.both, cut.onlyFirst, cut.onlySecond, cut.neither],
        ...[rate(cut.positive), rate(cut.negative), probability(cut.mcnemarP, language)],
        ...[withInterval(page, difference), probability(bias.p, language)],
      ]
    }),
    { right: [5, 6, 7, 9], note: words.cutNote },
  )
  const maps = agreement.confusion.map(({ raters, matrix: counts }) =>
    matrix(counts, {
      rows: words.reader(raters[0]),
      columns: words.reader(raters[1]),
      grades: agreement.categories,
      cut: agreement.categories.findIndex((grade) => grade === scale.rescanFrom),
    }),
  )
  return `${kappas}${scale.rescanFrom === null ? '' : atCut}<h3>${escape(words.mapsTitle)}</h3><div class="maps">${maps.join('')}</div>`
}

/** Known cases, later rounds and second votes: grades that agreement is not made of. */
function knownAndAgain(page: Page): string {
  const { words, content, caption } = page
  const rows = content.quality.readers.flatMap(({ letter, rounds, hidden, calibration, paired }) => {
    const line = (what: string, n: number, same: number, ci: Interval | null): string[][] =>
      n === 0 ? [] : [[letter, what, String(n), `${share(page, same / n)} (${shareInterval(page, ci)})`]]
    return [
      ...line(words.again.calibration, calibration.n, calibration.same, calibration.ci),
      ...line(words.again.hidden, hidden.n, hidden.same, hidden.ci),
      ...rounds.flatMap((one) => line(words.again.round(one.round), one.n, one.same, one.ci)),
      // The interval is of the changed ones: what stayed is the rest.
      ...(paired ? line(words.again.second, paired.n, paired.n - paired.switched, rest(paired.ci)) : []),
    ]
  })
  return rows.length === 0 ? '' : table(caption(words.again.table), words.again.head, rows)
}
const rest = (ci: Interval | null): Interval | null => ci && [1 - ci[1], 1 - ci[0]]

function repeats(page: Page): string {
  const { words, content, caption } = page
  const rows = content.overview.readers.filter((reader) => reader.repeats.n > 0)
  if (rows.length === 0) return ''
  return table(
    caption(words.repeatsTable),
    words.repeatsHead,
    rows.map(({ letter, repeats: own }) => [
      letter,
      own.n,
      share(page, own.same, own.reason),
      value(page, { estimate: own.quadraticKappa }),
      `${share(page, own.rescan.rate)} (${shareInterval(page, own.rescan.ci)})`,
    ]),
  )
}
