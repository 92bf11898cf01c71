import { describe, expect, it } from 'vitest'
import { de } from '../../../src/renderer/locales/de.ts'
import { en } from '../../../src/renderer/locales/en.ts'

/** Every text with its path: "lead.overview.lead" and what stands there. */
function texts(tree: object, path = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const [key, value] of Object.entries(tree)) {
    const at = path === '' ? key : `${path}.${key}`
    if (typeof value === 'string') found.set(at, value)
    else for (const [inner, text] of texts(value as object, at)) found.set(inner, text)
  }
  return found
}
const english = texts(en)
const german = texts(de)
const names = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort()

describe('language files', () => {
  it('have the same keys', () => {
    expect([...german.keys()].sort()).toEqual([...english.keys()].sort())
    expect(english.size).toBeGreaterThan(300)
  })

  it('leave no text empty', () => {
    const empty = [...english, ...german].filter(([, text]) => text.trim() === '').map(([key]) => key)
    expect(empty).toEqual([])
  })

  it('speak of the same figures in both languages', () => {
    const differ = [...english].filter(([key, text]) => names(text).join() !== names(german.get(key) ?? '').join())
    expect(differ.map(([key]) => key)).toEqual([])
  })

  it('have as many plural forms in both languages', () => {
    const forms = (text: string): number => text.split(' | ').length
    const differ = [...english].filter(([key, text]) => forms(text) !== forms(german.get(key) ?? ''))
    expect(differ.map(([key]) => key)).toEqual([])
  })

  it('do not shout', () => {
    const loud = [...english, ...german].filter(([, text]) => /!(\s|$)/.test(text)).map(([key]) => key)
    expect(loud).toEqual([])
  })
})
