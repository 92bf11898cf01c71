import { describe, expect, it } from 'vitest'
import { de } from '../../../src/renderer/locales/de.ts'
import { en } from '../../../src/renderer/locales/en.ts'
import { reasonKeys } from '../../../src/renderer/format/reasons.ts'
import { topics } from '../../../src/renderer/lead/help/topics.ts'

/** The statistics as they are written: the page's tests do not reach into the main process. */
const written = import.meta.glob<string>('../../../src/main/domain/{agreement,evaluation}/*.ts', {
  query: '?raw',
  import: 'default',
  eager: true,
})
const listed = Object.entries(written)
  .find(([file]) => file.endsWith('/outcome.ts'))![1]
  .split('reasons = {')[1]!
const reasons = [...listed.matchAll(/^ {2}\w+: '(.*)',$/gm)].map((match) => match[1]!)

describe('why there is no figure', () => {
  it('is said in both languages, whatever the reason of the statistics', () => {
    expect(reasons.length).toBeGreaterThan(15)
    for (const reason of reasons) {
      const key = reasonKeys[reason]
      expect(key, reason).toBeDefined()
      expect(en.agreement.reasons).toHaveProperty(key!)
      expect(de.agreement.reasons).toHaveProperty(key!)
    }
  })

  it('knows the reasons that stand beside a formula too', () => {
    const beside = Object.values(written).flatMap((text) =>
      [...text.matchAll(/'((?:cannot be|nothing to test|no interval|the interval)[^'\n]*)'/g)].map((m) => m[1]!),
    )
    expect(beside.length).toBeGreaterThan(15)
    for (const reason of beside) expect(reasonKeys[reason], reason).toBeDefined()
  })
})

describe('the help of the figures', () => {
  it('explains each topic with its limits and its source, in both languages', () => {
    for (const { agreement } of [en, de]) {
      expect(Object.keys(agreement.help.topics).sort()).toEqual([...topics].sort())
      for (const topic of Object.values(agreement.help.topics))
        for (const part of ['title', 'text', 'limits', 'source'] as const) expect(topic[part].length).toBeGreaterThan(4)
    }
  })
})
