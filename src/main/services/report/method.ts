import type { Page } from './content.ts'
import { share, withInterval, shareInterval } from './figures.ts'
import { calendarDay, percent } from './format.ts'
import { escape, paragraph, table } from './html.ts'
import { noteItems, type NoteItem } from './notes.ts'

export const heading = (text: string): string => `<h2>${escape(text)}</h2>`

/** What the authors wrote to an item, or that they did not. */
export function note({ content, words }: Page, item: NoteItem): string {
  const text = content.notes[item]
  return text
    ? `<p><b>${escape(words.labelsOf[item])}.</b> ${escape(text)}</p>`
    : `<p class="missing"><b>${escape(words.labelsOf[item])}.</b> ${escape(words.missing(noteItems[item]))}</p>`
}

/** GRRAS 1: title and summary, the re-scan disagreement first and large. */
export function summary(page: Page): string {
  const { content, words, agreement } = page
  const { overview, facts } = content
  const { rescan, fleissKappa, krippendorffAlpha } = agreement
  const { rescanFrom, grades } = overview.study.scale
  const interval = `${words.ci} ${shareInterval(page, rescan.ci)}.`
  const lead =
    rescanFrom === null
      ? paragraph(words.noCut)
      : `<div class="lead"><div><div class="soft">${escape(words.lead)}</div><div class="big">${escape(
          rescan.disagreementRate === null ? '–' : percent(rescan.disagreementRate, content.language),
        )}</div></div><div>${escape(
          rescan.disagreementRate === null
            ? share(page, null, rescan.reason)
            : words.leadText(rescan.count, rescan.n, rescanFrom, interval),
        )}</div></div>`
  return [
    heading(words.sections.summary),
    lead,
    paragraph(
      words.summary({
        readers: overview.readers.length,
        scans: overview.study.scans?.reading ?? 0,
        patients: facts.patients,
        grades: grades.length,
        ...overview.votes,
        full: share(page, agreement.fullAgreementRate),
        fleiss: withInterval(page, fleissKappa),
        alpha: withInterval(page, krippendorffAlpha.ordinal),
      }),
    ),
  ].join('')
}

/** GRRAS 2: the device and the scale. */
export function device(page: Page): string {
  const { content, words, caption } = page
  const { scale } = content.overview.study
  return [
    heading(words.sections.device),
    note(page, 'device'),
    table(
      caption(words.scaleTable),
      scale.rescanFrom === null ? words.scaleHead.slice(0, 3) : words.scaleHead,
      scale.grades.map(({ value, ...text }) => [
        String(value),
        words.gradeText(text).word,
        words.gradeText(text).description,
        ...(scale.rescanFrom === null ? [] : [value >= scale.rescanFrom ? words.yes : words.no]),
      ]),
    ),
  ].join('')
}

/** GRRAS 3, 4, 5, 6, 7, 12: who was graded, and who graded. */
export function subjects(page: Page): string {
  const { content, words, caption } = page
  const { overview, facts } = content
  return [
    heading(words.sections.subjects),
    paragraph(words.subjectsText(overview.study.scans?.reading ?? 0, facts.patients)),
    table(
      caption(words.subjectsTable),
      words.subjectsHead,
      facts.sites.map(({ site, scans, patients }) => [words.site[site] ?? site, scans, patients]),
    ),
    paragraph(words.readersText(overview.readers.length, overview.study.readersPerScan)),
    ...(['population', 'raters', 'characteristics', 'sampling', 'sampleSize', 'known'] as const).map((item) =>
      note(page, item),
    ),
  ].join('')
}

/** GRRAS 8, 9: how it was graded, and that it was independent. */
export function process(page: Page): string {
  const { content, words } = page
  const { overview, facts, language } = content
  const repeated = overview.readers.reduce((sum, { repeats }) => sum + repeats.n, 0)
  const [first, last] = [overview.days[0], overview.days.at(-1)]
  return [
    heading(words.sections.process),
    paragraph(words.independent),
    paragraph(
      [
        ...(first && last ? [words.period(calendarDay(first, language), calendarDay(last, language))] : []),
        facts.sealedAt === null ? words.notSealed : words.sealed(calendarDay(facts.sealedAt, language)),
        facts.unblindedAt === null ? words.notUnblinded : words.unblinded(calendarDay(facts.unblindedAt, language)),
        repeated > 0 ? words.repeats(repeated) : words.noRepeats,
      ].join(' '),
    ),
    designText(page),
    note(page, 'process'),
  ].join('')
}

/** What the study asked for beyond one grade a reader and scan; nothing for a plain one. */
function designText({ content, words }: Page): string {
  const { design, cases, sealedAt } = content.facts
  const { seed, repeats, repeatGap, rounds, roundGapDays, pairedModelId, confidence, slicesPerStack } = design
  const said = [
    // While it is read, the seed would tell a lead who reads too which scans come again.
    ...(seed !== null && sealedAt !== null ? [words.design.seed(seed)] : []),
    ...(repeats > 0 ? [words.design.repeats(repeats, repeatGap)] : []),
    ...(rounds > 1 ? [words.design.rounds(rounds, roundGapDays)] : []),
    ...(pairedModelId !== null ? [words.design.paired] : []),
    ...(slicesPerStack !== null ? [words.design.stacks(slicesPerStack)] : []),
    ...(confidence ? [words.design.confidence] : []),
    ...(cases.hidden > 0 ? [words.design.hidden(cases.hidden)] : []),
    ...(cases.calibration > 0 ? [words.design.calibration(cases.calibration)] : []),
  ]
  return said.length > 0 ? paragraph(said.join(' ')) : ''
}

/** GRRAS 10: the statistical analysis. */
export function statistics({ content, words }: Page): string {
  const { resamples, seed } = content.facts
  return (
    heading(words.sections.statistics) +
    words
      .methods(resamples, seed)
      .map((text) => paragraph(text))
      .join('')
  )
}
