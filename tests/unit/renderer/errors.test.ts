import { describe, expect, it } from 'vitest'
import { de } from '../../../src/renderer/locales/de.ts'

/** Sources of what people meet while they read, settle, freeze and take results away. */
const sources = import.meta.glob<string>(
  '../../../src/main/services/{accounts/*,context,export/*,packets/*,reading/*,settling/{labels,references,rounds},{backups,scans,studies}/index}.ts',
  { query: '?raw', import: 'default', eager: true },
)
const networkSources = import.meta.glob<string>(
  [
    '../../../src/main/services/{training/**/*,models/*,osteoporosis/experiments}.ts',
    '../../../src/main/learning/{checkpoint,model-file,model-package,plain-model,preprocess,request,slice-store}.ts',
    '../../../src/main/domain/{hold-out,splits}.ts',
  ],
  { query: '?raw', import: 'default', eager: true },
)
const codes = Object.entries({ ...sources, ...networkSources }).flatMap(([file, text]) =>
  [...text.matchAll(/new ConcordError\(\s*'([a-z-]+)'/g)].map((match) => [match[1]!, file] as const),
)

/** What ends work that somebody stopped, and what no split of the program's own can hold. */
const unsaid = new Set(['cancelled', 'split-duplicate-scan'])

describe('what goes wrong in the course of a study', () => {
  it('is found in the sources', () => {
    expect(Object.keys(sources).length).toBeGreaterThan(25)
    expect(codes.length).toBeGreaterThan(25)
  })

  it.each([...new Map(codes)].filter(([code]) => !unsaid.has(code)))('has a German sentence of its own: %s', (code) => {
    expect((de.errors as Record<string, string>)[code]).toMatch(/^\p{Lu}.{8,}\.$/u)
  })
})
