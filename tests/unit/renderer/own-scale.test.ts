import { describe, expect, it } from 'vitest'
import { scale as contract } from '../../../src/preload/contract/common.ts'
import type { Template } from '../../../src/preload/contract/studies.ts'
import { gradeColours } from '../../../src/renderer/grades/colours.ts'
import { builtInKey } from '../../../src/renderer/grades/words.ts'
import { de } from '../../../src/renderer/locales/de.ts'
import { en } from '../../../src/renderer/locales/en.ts'
import {
  added,
  finished,
  firstScale,
  turned,
  usable,
  withClassName,
  withCut,
  withGrade,
  withMeaning,
  without,
} from '../../../src/renderer/studies/own-scale.ts'

describe('a scale of one’s own', () => {
  const named = () => ['clear', 'hazy', 'dense'].reduce((s, word, i) => withGrade(s, i, { word }), firstScale())

  it('can be used once its numbers rise and each grade has a word, and passes the contract then', () => {
    expect(usable(firstScale())).toBe(false)
    const scale = named()
    expect(usable(scale)).toBe(true)
    expect(contract.parse(scale)).toEqual(scale)
    for (const value of [2, 3, -1, 100, 1.5, Number.NaN]) expect(usable(withGrade(scale, 0, { value }))).toBe(false)
    expect(usable(withGrade(scale, 0, { value: 0 }))).toBe(true)
    expect(usable(added(scale))).toBe(false)
    expect(added(scale).grades.at(-1)!.value).toBe(4)
  })

  it('keeps its cut at the grade it was set to', () => {
    const scale = withCut(named(), 2)
    expect(scale.rescanFrom).toBe(2)
    expect(withGrade(scale, 1, { word: 'cloudy' }).rescanFrom).toBe(2)
    expect(withGrade(withGrade(scale, 2, { value: 9 }), 1, { value: 5 }).rescanFrom).toBe(5)
    expect(without(scale, 1).rescanFrom).toBeNull()
    expect(without(scale, 2).rescanFrom).toBe(2)
    // At the lowest grade there would be nothing on its other side.
    expect(withCut(scale, 1).rescanFrom).toBeNull()
    expect(contract.parse(withGrade(scale, 0, { colour: '#336699' })).grades[0]!.colour).toBe('#336699')
  })

  it('says what its cut means, and calls two classes by names of its own', () => {
    const asks = withMeaning(withCut(named(), 2), 'positive')
    expect(contract.parse(finished(asks))).toEqual({ ...withCut(named(), 2), cutMeans: 'positive' })
    const typed = withClassName(withClassName(asks, 'positive', 'de', 'trüb '), 'negative', 'en', '  ')
    expect(contract.parse(finished(typed)).cutWords).toEqual({ positive: { de: 'trüb' }, negative: {} })
    // A change of a grade keeps both; without a cut, or with one that means a new scan, there are no classes to name.
    expect(withGrade(typed, 0, { word: 'fine' }).cutWords).toEqual(typed.cutWords)
    expect(finished(withCut(typed, null))).toEqual(named())
    expect(finished(withMeaning(typed, 'rescan'))).toEqual(withCut(named(), 2))
    expect(finished(withCut(withCut(typed, null), 3))).toMatchObject({ rescanFrom: 3, cutMeans: 'positive' })
  })

  it('makes the other class the positive one: words go round, numbers stay', () => {
    const asks = withClassName(withMeaning(withCut(named(), 2), 'positive'), 'positive', 'en', 'clouded')
    const other = turned(asks)
    expect(other.grades.map(({ value, word }) => `${String(value)} ${word}`)).toEqual(['1 dense', '2 hazy', '3 clear'])
    // Two grades were positive, the upper two; now the one below them is, and the two lie under the cut.
    expect(other).toMatchObject({ rescanFrom: 3, cutWords: { positive: {}, negative: { en: 'clouded' } } })
    expect(turned(other)).toEqual(asks)
  })

  it('is refused by the contract where a condition has grades on one side only, or a re-scan names classes', () => {
    const scale = withCut(named(), 2)
    const cutWords = { positive: { en: 'OP' }, negative: {} }
    const refused = (one: object): boolean => !contract.safeParse({ ...scale, ...one }).success
    expect(refused({ cutMeans: 'positive', cutWords })).toBe(false)
    expect(refused({ cutMeans: 'positive', rescanFrom: 1 })).toBe(true)
    expect(refused({ cutMeans: 'positive', rescanFrom: null })).toBe(true)
    expect(refused({ cutWords })).toBe(true)
    expect(refused({ cutMeans: 'positive', cutWords: { ...cutWords, positive: { fr: 'OP' } } })).toBe(true)
    expect(refused({ cutMeans: 'positive', cutWords: { ...cutWords, positive: { en: 'x'.repeat(41) } } })).toBe(true)
  })

  it('has its own colours where it chose them, and the usual ones elsewhere', () => {
    const scale = withCut(named(), 3)
    const usual = gradeColours(scale)
    expect(gradeColours(withGrade(scale, 1, { colour: '#123456' }))).toEqual([usual[0], '#123456', usual[2]])
  })
})

// The main process's own: page and main process are checked as two programs, which share the contract alone.
const domain = '../../../src/main/domain/templates.ts'
const { templates } = (await import(domain)) as { templates: readonly Template[] }

describe('the words of the built-in templates', () => {
  it('are in the language files as the main process has them, each grade in both languages', () => {
    for (const { key, title, summary, scale } of templates) {
      const text = en.templates[key as keyof typeof en.templates]
      const german = de.templates[key as keyof typeof de.templates]
      expect([text.title, text.summary]).toEqual([title, summary])
      expect(Object.keys(german.grades)).toEqual(scale.grades.map((grade) => String(grade.value)))
      for (const grade of scale.grades) expect(builtInKey(grade)).toBe(`templates.${key}.grades.${grade.value}`)
    }
    expect(Object.keys(en.templates)).toEqual(templates.map((one) => one.key))
  })

  it('are not put in the place of a department’s own', () => {
    const [first] = templates[0]!.scale.grades
    expect(builtInKey({ ...first!, description: 'No streaks in our department.' })).toBeNull()
    expect(builtInKey({ ...first!, word: 'clean' })).toBeNull()
    expect(builtInKey({ ...first!, value: 2 })).toBeNull()
  })
})
