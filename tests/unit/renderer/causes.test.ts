import { describe, expect, it } from 'vitest'
import { adjudicationCause, causesFor } from '../../../src/preload/contract/causes.ts'
import { de } from '../../../src/renderer/locales/de.ts'
import { en } from '../../../src/renderer/locales/en.ts'

const kinds = ['hrpqct-motion', 'calcaneus-osteoporosis', 'own'] as const

describe('the reasons of a decision', () => {
  it('are those of the template, each picked by one digit', () => {
    for (const kind of kinds) {
      expect(new Set(causesFor(kind)).size).toBe(causesFor(kind).length)
      expect(causesFor(kind).length).toBeLessThanOrEqual(9)
      expect(causesFor(kind).slice(-3)).toEqual(['definition', 'majority', 'other'])
    }
    expect(causesFor('hrpqct-motion').slice(0, 2)).toEqual(['streaksInside', 'streaksOutside'])
    expect(causesFor('of a template to come')).toEqual(causesFor('own'))
  })

  it('speak of streaks and slices where motion is graded and nowhere else', () => {
    const said = (kind: string): string =>
      [en, de].flatMap((l) => causesFor(kind).flatMap((c) => [l.settling.causes[c], l.settling.brief[c]])).join('\n')
    expect(said('hrpqct-motion')).toMatch(/streaks.*\n(.*\n)*.*Streifen/i)
    for (const kind of ['calcaneus-osteoporosis', 'own'])
      expect(said(kind)).not.toMatch(/streak|slice|streifen|schicht/i)
    expect(said('own')).not.toMatch(/trabe[ck]/i)
  })

  it('are said in both languages, whatever a study has stored', () => {
    for (const { settling } of [en, de]) {
      expect(Object.keys(settling.causes).sort()).toEqual([...adjudicationCause.options].sort())
      expect(Object.keys(settling.brief).sort()).toEqual([...adjudicationCause.options].sort())
      expect(new Set(Object.values(settling.causes)).size).toBe(adjudicationCause.options.length)
    }
    // Stored in studies by these codes.
    for (const code of [
      'streaksInside',
      'streaksOutside',
      'fewSlices',
      'manySlices',
      'definition',
      'majority',
      'other',
    ])
      expect(adjudicationCause.options).toContain(code)
  })
})
