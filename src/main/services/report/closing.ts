import type { Page } from './content.ts'
import { share, shareInterval, withInterval } from './figures.ts'
import { decimal } from './format.ts'
import { html, escape, paragraph, table } from './html.ts'
import { heading, note } from './method.ts'
import type { NoteItem } from './notes.ts'

/** Disputes, how they were settled, and what was frozen. */
export function labels(page: Page): string {
  const { content, words, caption } = page
  const { overview, settled, labelSets } = content
  const unsettled = labelSets.flatMap(({ name, estimate }) => (estimate?.converged === false ? [name] : []))
  const all = settled.reduce((sum, { count }) => sum + count, 0)
  return [
    heading(words.sections.labels),
    paragraph(words.disputedText(overview.disputed, overview.ruleConflicts, all)),
    all === 0
      ? ''
      : table(
          caption(words.causesTable),
          words.causesHead,
          settled.map(({ cause, count }) => [words.causes[cause], count]),
        ),
    labelSets.length === 0
      ? paragraph(words.noSets)
      : table(
          caption(words.setsTable),
          words.setsHead,
          labelSets.map((set) => [
            set.name,
            words.rules[set.rule] ?? set.rule,
            set.labels,
            set.adjudicated,
            set.unresolved,
            html(`<code>${escape(set.digest)}</code>`),
          ]),
        ),
    unsettled.length === 0 ? '' : paragraph(words.setsNotConverged(unsettled)),
  ].join('')
}

export function networks(page: Page): string {
  const { content, words, caption } = page
  const tested = content.models.flatMap(({ name, test }) => (test ? [{ name, test }] : []))
  if (tested.length === 0) return ''
  const rate = (one: {
    estimate: number | null
    ci?: [number, number] | null | undefined
    reason?: string | undefined
  }): string =>
    one.ci ? `${share(page, one.estimate)} (${shareInterval(page, one.ci)})` : share(page, one.estimate, one.reason)
  return (
    heading(words.sections.networks) +
    table(
      caption(words.networksTable),
      words.networksHead,
      tested.map(({ name, test }) => [
        name,
        test.scans,
        rate(test.accuracy),
        rate(test.rescanAccuracy),
        share(page, test.majorityClassRate),
        withInterval(page, {
          estimate: test.quadraticKappa.estimate,
          ci: test.quadraticKappa.ci ?? null,
          ...(test.quadraticKappa.reason === undefined ? {} : { reason: test.quadraticKappa.reason }),
        }),
      ]),
    )
  )
}

/** GRRAS 14. */
export function discussion(page: Page): string {
  const { content, words, agreement } = page
  const rate = agreement.rescan.disagreementRate
  return [
    heading(words.sections.discussion),
    rate === null ? '' : paragraph(words.relevance(decimal(rate * 100, 1, content.language))),
    note(page, 'relevance'),
  ].join('')
}

/** Where each of the fifteen items is answered, and which of them only the authors can answer. */
export function checklist({ content, words }: Page): string {
  const { notes } = content
  const full = (section: string): string => words.where(section)
  const given = (section: string, ...items: NoteItem[]): string =>
    items.every((item) => notes[item]) ? words.where(section) : words.byAuthors
  const partly = (section: string, item: NoteItem): string =>
    notes[item] ? words.where(section) : words.partly(section)
  const where = [
    full('1'),
    partly('2', 'device'),
    given('3', 'population'),
    given('3', 'raters'),
    given('3', 'known'),
    partly('3', 'sampleSize'),
    given('3', 'sampling'),
    partly('4', 'process'),
    full('4'),
    full('5'),
    full('6'),
    partly('3', 'characteristics'),
    full('6'),
    partly('8', 'relevance'),
    words.detailed,
  ]
  return (
    heading(words.sections.checklist) +
    table(
      words.kind,
      words.checklistHead,
      words.items.map((text, i) => [String(i + 1), text, where[i]!]),
    )
  )
}

/** GRRAS 15: the disputed scans one by one. */
export function annex({ content, words, caption }: Page): string {
  const { disputed, overview } = content
  if (disputed.length === 0) return ''
  const letters = overview.readers.map(({ letter }) => letter)
  const head = words.annexHead
  return [
    heading(words.sections.annex),
    table(
      caption(
        disputed.length < overview.disputed
          ? words.annexMore(disputed.length, overview.disputed)
          : words.disputedText(
              overview.disputed,
              overview.ruleConflicts,
              content.settled.reduce((sum, { count }) => sum + count, 0),
            ),
      ),
      [head.scan, head.site, ...letters, head.cut, head.majority, head.mean, head.settled],
      disputed.map((scan) => [
        scan.pseudonym,
        words.site[scan.site] ?? scan.site,
        ...letters.map((letter) => String(scan.votes.find((vote) => vote.letter === letter)?.grade ?? '–')),
        scan.acrossCut ? words.across : '–',
        String(scan.majority ?? words.none),
        String(scan.roundedMean ?? '–'),
        scan.adjudicated ? `${scan.adjudicated.grade}. ${words.causes[scan.adjudicated.cause]}` : '–',
      ]),
    ),
  ].join('')
}
