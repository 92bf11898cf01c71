import { remarks as german } from '../locales/de/remarks.ts'

/** A remark on a scan, kept as the file's reader said it, in the language of the page; where it has no other words, as it was said. */
export function remark(said: string, language: string): string {
  const [pattern, text] = language === 'de' ? (german.find(([one]) => one.test(said)) ?? []) : []
  return pattern && text !== undefined ? said.replace(pattern, text) : said
}
