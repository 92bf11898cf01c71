import { describe, expect, it } from 'vitest'
import type { Role } from '../../../src/preload/contract/route.ts'
import { firstPage } from '../../../src/renderer/router/home.ts'
import { pages } from '../../../src/renderer/router/pages.ts'
import { en } from '../../../src/renderer/locales/en.ts'

const seenBy = (role: Role): string[] =>
  pages.filter((page) => typeof page.access !== 'string' && page.access.includes(role)).map((page) => page.name)

describe('pages', () => {
  it('each have a title and a name of their own', () => {
    expect(new Set(pages.map((page) => page.name)).size).toBe(pages.length)
    expect(Object.keys(en.pages).sort()).toEqual(pages.map((page) => page.name).sort())
  })

  it('show a reader nothing but reading, the own progress and, afterwards, the own comparison', () => {
    expect(seenBy('reader')).toEqual(['reading', 'progress', 'comparison'])
  })

  it('let only the administrator make accounts, and no administrator see votes', () => {
    expect(seenBy('administrator')).toEqual([
      'setup',
      'design',
      'scans',
      'packets',
      'people',
      'pacs',
      'backups',
      'place',
      'audit',
    ])
    for (const role of ['lead', 'trainer', 'reader'] as const) expect(seenBy(role)).not.toContain('people')
  })

  it('are open before sign-in only for first start, sign-in and a packet', () => {
    expect(pages.filter((page) => page.access === 'anyone').map((page) => page.name)).toEqual([
      'first-start',
      'sign-in',
      'open-packet',
    ])
  })

  it('send everybody first to a page they may open', () => {
    const roles: Role[] = ['administrator', 'lead', 'reader', 'trainer']
    for (const role of roles)
      for (const state of ['draft', 'open', 'sealed', 'adjudicating', 'closed'])
        expect(seenBy(role)).toContain(firstPage([role], state))
  })
})
