import { describe, expect, it } from 'vitest'
import { remark } from '../../../src/renderer/format/remarks.ts'

const code = import.meta.glob<string>('../../../src/main/imaging/**/*.ts', {
  ...{ query: '?raw', import: 'default', eager: true },
})

/** Every sentence that the code says of a scan without refusing it, as it stands there, with 7 for what is filled in. */
function sentences(): string[] {
  return Object.entries(code).flatMap(([name, text]) => {
    const pushed = [...text.matchAll(/arnings\.push\(\s*(['`])(.+?)\1,?\s*\)/gs)].map((found) => found[2]!)
    const listed = [...text.matchAll(/warnings: \[\s*'(.+?)',?\s*\]/gs)].map((found) => found[1]!)
    const radiograph = name.endsWith('/radiograph.ts')
      ? [...text.matchAll(/^ {6,8}'(The .+)',$/gm)].map((found) => found[1]!)
      : []
    return [...pushed, ...listed, ...radiograph].map((said) => said.replaceAll(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, '7'))
  })
}

describe('what files’ readers remark on a scan', () => {
  it('is said in German, all of it', () => {
    const found = sentences()
    expect(found.length).toBeGreaterThan(30)
    for (const sentence of found) {
      expect(remark(sentence, 'de'), sentence).not.toBe(sentence)
      expect(remark(sentence, 'de'), sentence).not.toMatch(/\$|\b(?:the|is|of|are)\b/)
      expect(remark(sentence, 'en')).toBe(sentence)
    }
  })

  it('keeps what was filled in, and stays as it is where it is not known', () => {
    expect(remark('3 slices are missing (after slice 2, 9).', 'de')).toBe('3 Schichten fehlen (nach Schicht 2, 9).')
    expect(remark('The slices are tilted by 11.3 degrees; shown as if they were straight.', 'de')).toContain(
      'um 11.3 Grad',
    )
    expect(remark('Something that is new.', 'de')).toBe('Something that is new.')
  })
})
