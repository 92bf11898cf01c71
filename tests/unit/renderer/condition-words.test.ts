import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { Scale } from '../../../src/preload/contract/common.ts'
import type * as Locales from '../../../src/renderer/locales/index.ts'
import type * as Words from '../../../src/renderer/locales/study-words.ts'
import { templates } from '../../../src/renderer/locales/en/templates.ts'

type Tree = { [key: string]: string | Tree }
let words: typeof Words
let i18n: (typeof Locales)['i18n']
beforeAll(async () => {
  // Vue looks for a document when it is loaded; the words need none.
  await import('vue')
  vi.stubGlobal('localStorage', { getItem: () => 'en', setItem: () => undefined })
  vi.stubGlobal('document', { documentElement: {} })
  words = await import('../../../src/renderer/locales/study-words.ts')
  ;({ i18n } = await import('../../../src/renderer/locales/index.ts'))
})

const texts = (tree: Tree, path = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[path + key, value]] : texts(value, `${path}${key}.`),
  )
const scaleOf = (key: keyof typeof templates): Pick<Scale, 'grades'> => ({
  grades: Object.entries(templates[key].grades).map(([value, text]) => ({ value: Number(value), ...text })),
})
const osteoporosis: Scale = { ...scaleOf('calcaneus-osteoporosis'), rescanFrom: 2, cutMeans: 'positive' }
const motion: Scale = { ...scaleOf('hrpqct-motion'), rescanFrom: 4 }

/** Where a re-scan may be spoken of whatever the study at the top is: templates, the making of scales, and what is never shown there. */
const elsewhere = /^(templates|motion|design\.own\.cutRescan(Here)?|design\.practice|recipe\.presets|safety)(\.|$)/

describe('a study that asks for a condition', () => {
  it.each(['en', 'de'] as const)('never speaks of a re-scan (%s)', (language) => {
    const plain = new Map(texts(words.textsFor(language, null)))
    const own = new Map(texts(words.textsFor(language, osteoporosis)))
    const rescan = /re-?scan|scan(ned)? (the patient )?again|neuaufnahme|neu auf(ge)?nehmen|neu aufgenommen/i
    const before = [...plain].filter(([key, text]) => rescan.test(text) && !elsewhere.test(key))
    expect(before.length).toBeGreaterThan(40)
    expect([...own].filter(([key, text]) => rescan.test(text) && !elsewhere.test(key)).map(([key]) => key)).toEqual([])
    // Nothing that is not there already, and the same figures in each sentence.
    expect([...own.keys()].sort()).toEqual([...plain.keys()].sort())
    const names = (text: string): string => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort().join()
    const differ = [...own].filter(
      ([key, text]) =>
        names(text) !== names(plain.get(key)!) && !key.endsWith('rescanSentence') && !key.endsWith('rescanNone'),
    )
    expect(differ.map(([key]) => key)).toEqual([])
  })

  it('says the words of its classes, in the person’s language, and gives the others back', () => {
    words.speakOf(osteoporosis)
    expect(i18n.global.t('common.rescan')).toBe('OP (osteoporosis)')
    i18n.global.locale.value = 'de'
    expect(i18n.global.t('common.keep')).toBe('CN (Kontrolle)')
    i18n.global.locale.value = 'en'
    words.speakOf(motion)
    expect(i18n.global.t('common.rescan')).toBe('re-scan')
    words.speakOf(null)
  })

  it('takes a department’s own words as they are written, several grades of a class too', () => {
    const grade = (value: number, word: string) => ({ value, word, description: '' })
    const own: Scale = {
      grades: [grade(0, 'none'), grade(1, 'mild {1} | @x'), grade(2, 'plain')],
      rescanFrom: 1,
      cutMeans: 'positive',
    }
    expect(words.classNames(own, 'en')).toEqual({ positive: '“mild {1} | @x”, “plain”', negative: 'none' })
    words.speakOf(own)
    expect(i18n.global.t('common.rescan')).toBe('“mild {1} | @x”, “plain”')
    words.speakOf(null)
    // A class's name of its own stands in their place, in the person's language or else in the one there is.
    const named: Scale = { ...own, cutWords: { positive: { en: 'ill', de: 'krank' }, negative: { de: 'gesund' } } }
    expect(words.classNames(named, 'de')).toEqual({ positive: 'krank', negative: 'gesund' })
    expect(words.classNames(named, 'en')).toEqual({ positive: 'ill', negative: 'gesund' })
  })
})
