import { describe, expect, it } from 'vitest'
import { breakText, knowsKind } from '../../../src/renderer/safety/break-words.ts'

const sources = import.meta.glob<string>('../../../src/main/store/{verify,witness/*}.ts', {
  query: '?raw',
  import: 'default',
  eager: true,
})
const all = Object.values(sources).join('\n')
const kinds = [
  ...new Set([...all.matchAll(/\bword: (?:'([^']+)'|"([^"]+)")/g)].map((found) => (found[1] ?? found[2])!)),
]

describe('a break of the audit trail, in German', () => {
  it('is found in the sources', () => {
    expect(kinds.length).toBeGreaterThan(20)
  })

  it.each(kinds)('knows what a %s is', (word) => {
    expect(knowsKind(word)).toBe(true)
  })

  it.each([
    ['entry 37 is missing', 'Eintrag 37 fehlt'],
    ['the entry was altered', 'der Eintrag wurde geändert'],
    ['the vote was removed', 'entfernt wurde: Votum'],
    ['an account without an entry', 'ohne Eintrag ist: Konto'],
    [
      'the last 2 entries were removed: entry 41 was noted outside of the database',
      'die letzten 2 Einträge wurden entfernt: Eintrag 41 ist außerhalb der Datenbank notiert',
    ],
  ])('says "%s"', (english, german) => {
    expect(breakText(english, 'de')).toBe(german)
    expect(breakText(english, 'en')).toBe(english)
  })

  it.each([...all.matchAll(/(?:return|why:) '((?:the|entry|a|an) [^']+)'/g)].map((found) => found[1]!))(
    'has words for "%s"',
    (english) => {
      expect(breakText(english, 'de')).not.toBe(english)
    },
  )
})
