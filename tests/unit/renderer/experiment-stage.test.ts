import { createI18n } from 'vue-i18n'
import { describe, expect, it } from 'vitest'
import { de } from '../../../src/renderer/locales/de.ts'
import { en } from '../../../src/renderer/locales/en.ts'
import { stageInWords } from '../../../src/renderer/training/experiment/stage.ts'

const inWords = (locale: 'en' | 'de', detail: string): string => {
  const { t } = createI18n({ legacy: false, locale, messages: { en, de } }).global
  return stageInWords(detail, (key, named = {}) => t(key, named))
}

describe('what an experiment’s job is at', () => {
  it.each([
    ['', 'Getting ready', 'Wird vorbereitet'],
    ['heels 12/174', 'Making radiographs: 12/174', 'Röntgenbilder entstehen: 12/174'],
    ['E4-leaky-googlenet 3/20', 'E4, GoogLeNet, leaky: epoch 3 of 20', 'E4, GoogLeNet, leck: Epoche 3 von 20'],
    [
      'E7-honest-scratch4-fold2 1/24',
      'E7, Four convolutions, fold 2, by patient: epoch 1 of 24',
      'E7, Vier Faltungen, Teil 2, nach Patienten: Epoche 1 von 24',
    ],
  ])('is worded in the language of the window: %s', (detail, english, german) => {
    expect(inWords('en', detail)).toBe(english)
    expect(inWords('de', detail)).toBe(german)
  })
})
