import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Overview } from '../../../src/preload/contract/analysis.ts'
import * as printed from '../../../src/main/services/report/format.ts'
import { reasons } from '../../../src/main/domain/agreement/outcome.ts'
import { reasonIn, wordsOf } from '../../../src/main/services/report/words.ts'
import { templates as templatesDe } from '../../../src/renderer/locales/de/templates.ts'
import { templates as templatesEn } from '../../../src/renderer/locales/en/templates.ts'
import * as shown from '../../../src/renderer/format/statistics.ts'
import { disputedOf } from '../../fixtures/disputed.ts'
import { openStudy, readAll, startProgram, type Program, type ReadyStudy } from '../../fixtures/program.ts'

type Text = { word: string; description: string }
let program: Program
let study: ReadyStudy
let overview: Overview
const pages = {} as Record<'en' | 'de', string>
const languages = ['en', 'de'] as const

/** What a reader of the PDF sees: the words, without tags. */
const text = (html: string): string =>
  html
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code)))
    .replace(/[^\S\u00a0]+/g, ' ')
const page = (language: 'en' | 'de'): Promise<string> =>
  program.services.exports.reportPage(study.lead, { studyId: study.studyId, language })

beforeAll(async () => {
  program = await startProgram()
  study = await openStudy(program, 30)
  for (const [index, reader] of ['r1', 'r2', 'r3'].entries())
    await readAll(program, reader, study.studyId, (pseudonym) => {
      const n = Number(pseudonym.replace(/\D/g, ''))
      return 1 + ((n + (n % 5 === index ? 1 + (n % 2) : 0)) % 5)
    })
  await program.get('lead', 'analysis.seal', { studyId: study.studyId, incomplete: false })
  await program.get('lead', 'analysis.unblind', { studyId: study.studyId })
  const [first] = await disputedOf(program, study.studyId)
  await program.get('lead', 'analysis.adjudicate', {
    ...{ studyId: study.studyId, scanId: first!.scanId, grade: 4, cause: 'manySlices', reason: 'Mrs Doe moved.' },
  })
  await program.get('lead', 'labels.freeze', { studyId: study.studyId, name: 'First', rule: 'majority' })
  overview = await program.get<Overview>('lead', 'analysis.overview', { studyId: study.studyId })
  for (const language of languages) pages[language] = text(await page(language))
})
afterAll(() => program.close())

describe.each(languages)('the report, %s', (language) => {
  const to = language === 'de' ? 'bis' : 'to'

  it('has the figures of the page, as the page writes them', () => {
    const { agreement, rescanBySite, rescanByPair, rescanByMonth } = overview
    const figures = [
      shown.percent(agreement.rescan.disagreementRate, language),
      shown.percentInterval(agreement.rescan.ci, language, to),
      shown.percent(agreement.fullAgreementRate, language),
      shown.coefficient(agreement.fleissKappa.estimate, language),
      shown.coefficientInterval(agreement.fleissKappa.ci, language, to),
      shown.coefficient(agreement.krippendorffAlpha.ordinal.estimate, language),
      shown.coefficientInterval(agreement.krippendorffAlpha.ordinal.ci, language, to),
      ...agreement.cohenKappa.map(
        (kappa) =>
          `${shown.coefficient(kappa.estimate, language)} (${shown.coefficientInterval(kappa.ci, language, to)})`,
      ),
      ...[...rescanBySite, ...rescanByPair, ...rescanByMonth].flatMap(({ rate, ci }) => [
        shown.percent(rate, language),
        shown.percentInterval(ci, language, to),
      ]),
    ]
    expect(figures.length).toBeGreaterThan(25)
    for (const figure of figures) expect(pages[language]).toContain(figure)
    for (const { month } of rescanByMonth) expect(month).toMatch(/^20\d\d-(0\d|1[0-2])$/)
    const rows = [...rescanByPair.map(({ raters }) => raters.join('–')), ...rescanByMonth.map(({ month }) => month)]
    for (const row of rows) expect(pages[language]).toContain(row)
    for (const { letter, distribution } of overview.readers)
      expect(pages[language]).toContain(`${letter} 30 / 30 ${distribution.map(({ count }) => count).join(' ')}`)
  })

  it('answers every item of GRRAS, or says that the authors must', () => {
    const { items, sections } = wordsOf(language)
    expect(items).toHaveLength(15)
    const list = pages[language].split(sections.checklist)[1]!
    items.forEach((item, i) => expect(list).toContain(`${i + 1} ${item}`))
    for (const [name, section] of Object.entries(sections))
      if (name !== 'networks') expect(pages[language]).toContain(section)
  })

  it('names nobody: no reader, no lead, none of their words', () => {
    expect(pages[language]).not.toMatch(/Dr r[123]|Dr lead|Doe/)
  })

  it('never says NaN, undefined, null or Infinity', () => {
    expect(pages[language]).not.toMatch(/\bNaN\b|\bundefined\b|\bnull\b|Infinity/)
  })
})

describe('what only the authors know', () => {
  it('stands in the report once it is written, and is missed until then', async () => {
    expect(pages.en).toContain('Not stated by the authors (GRRAS item 3)')
    expect(pages.en).toContain('Not stated; for the authors to add')
    await program.get('lead', 'reports.saveNotes', {
      studyId: study.studyId,
      notes: { population: 'Outpatients <over 50> of one clinic.', sampling: 'Consecutive.' },
    })
    const now = text(await page('en'))
    expect(now).toContain('Outpatients <over 50> of one clinic.')
    expect(now).not.toContain('(GRRAS item 3)')
    expect(await program.get('lead', 'reports.notes', { studyId: study.studyId })).toEqual({
      population: 'Outpatients <over 50> of one clinic.',
      sampling: 'Consecutive.',
    })
    await program.get('lead', 'reports.saveNotes', { studyId: study.studyId, notes: { sampling: '' } })
    expect(await program.get('lead', 'reports.notes', { studyId: study.studyId })).not.toHaveProperty('sampling')
    const written = await program.db
      .selectFrom('audit')
      .select('act')
      .where('act', '=', 'report.note-written')
      .execute()
    expect(written).toHaveLength(3)
  })

  it('is asked of leads alone', async () => {
    expect(await program.ask('r1', 'reports.notes', { studyId: study.studyId })).toMatchObject({
      error: { code: 'not-allowed' },
    })
  })
})

describe('a study with too little for a statistic', () => {
  it('says why in words, in both languages', async () => {
    const { id: studyId } = await program.get<{ id: string }>('lead', 'studies.create', {
      ...{ title: 'Alike', template: 'hrpqct-motion', readersPerScan: 2 },
    })
    const { addScans } = await import('../../fixtures/program.ts')
    await addScans(program.db, studyId, study.lead.accountId, 3)
    const readerIds = study.readers.slice(0, 2).map(({ accountId }) => accountId)
    await program.get('lead', 'studies.setReaders', { studyId, readerIds })
    await program.get('lead', 'studies.open', { studyId })
    const of = async (language: 'en' | 'de') =>
      text(await program.services.exports.reportPage(study.lead, { studyId, language }))
    for (const language of languages) expect(await of(language)).not.toMatch(/\bNaN\b|\bundefined\b|\bnull\b|Infinity/)
    for (const reader of ['r1', 'r2']) await readAll(program, reader, studyId, () => 2)
    expect(await of('en')).toContain('cannot be computed: all votes are equal')
    expect(await of('de')).toContain('nicht berechenbar: alle Voten sind gleich')
    expect(await of('de')).not.toMatch(/cannot be computed|\bNaN\b/)
  })

  it('has a German sentence for every reason', () => {
    for (const reason of Object.values(reasons))
      expect(reasonIn(wordsOf('de'), reason)).not.toBe(wordsOf('de').undefined)
  })
})

describe('the built-in scales', () => {
  it('are in German what they are on the page', () => {
    const keys = Object.keys(templatesEn) as (keyof typeof templatesEn)[]
    for (const key of keys)
      for (const [value, english] of Object.entries(templatesEn[key].grades) as [string, Text][]) {
        const german = (templatesDe[key].grades as Record<string, Text>)[value]!
        expect(wordsOf('de').gradeText(english)).toEqual({ word: german.word, description: german.description })
        expect(wordsOf('en').gradeText(english)).toEqual(english)
      }
    const own = { word: 'gut', description: 'Unser Haus.' }
    expect(wordsOf('de').gradeText(own)).toEqual(own)
  })
})

describe('figures as text', () => {
  it('are written in the report as on the page', () => {
    for (const language of languages)
      for (const value of [0, -0.001, 0.005, 0.1249, 0.125, 0.5, 1, -0.3333, 0.9999, 0.00049]) {
        expect(printed.percent(value, language)).toBe(shown.percent(value, language))
        expect(printed.decimal(value, 2, language)).toBe(shown.decimal(value, 2, language))
        const ci = [value, value + 0.1] as const
        expect(printed.percentInterval(ci, language, 'to')).toBe(shown.percentInterval(ci, language, 'to'))
        expect(printed.coefficientInterval(ci, language, 'to')).toBe(shown.coefficientInterval(ci, language, 'to'))
      }
  })
})
