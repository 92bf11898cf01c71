import { createI18n } from 'vue-i18n'
import { de } from './de.ts'
import { en } from './en.ts'

export type Language = 'en' | 'de'
export const languages: readonly { code: Language; name: string }[] = [
  { code: 'en', name: 'English' },
  { code: 'de', name: 'Deutsch' },
]
const key = 'concord.language'

/** The language chosen before, else the system's, else English. */
export function startLanguage(): Language {
  const kept = localStorage.getItem(key)
  if (kept === 'en' || kept === 'de') return kept
  return navigator.language.toLowerCase().startsWith('de') ? 'de' : 'en'
}

export const i18n = createI18n({
  legacy: false,
  locale: startLanguage(),
  fallbackLocale: 'en',
  messages: { en, de },
})
document.documentElement.lang = i18n.global.locale.value

export function setLanguage(language: Language): void {
  i18n.global.locale.value = language
  document.documentElement.lang = language
  localStorage.setItem(key, language)
}
