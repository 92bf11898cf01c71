import { describe, expect, it } from 'vitest'
import { actsOf, areas } from '../../../src/renderer/safety/acts.ts'

const sources = import.meta.glob<string>('../../../src/main/{services,store,cli}/**/*.ts', {
  query: '?raw',
  import: 'default',
  eager: true,
})
const acts = Object.values(sources).flatMap((text) =>
  [...text.matchAll(/\bact: (?:[\w. ]+ \? )?'([a-z-]+\.[a-z-]+)'(?: : '([a-z-]+\.[a-z-]+)')?/g)].flatMap((found) =>
    [found[1]!, found[2]].filter((act) => act !== undefined),
  ),
)

describe('acts of the audit trail', () => {
  it('are found in the sources', () => {
    expect(new Set(acts).size).toBeGreaterThan(45)
  })

  it.each([...new Set(acts)].sort())('%s can be chosen on the page and has words', (act) => {
    const area = act.split('.')[0]!
    expect(areas as readonly string[]).toContain(area)
    expect(actsOf(area)).toContain(act)
  })
})
