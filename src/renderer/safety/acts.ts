import { safety } from '../locales/en/safety.ts'

/** First parts of acts, in the order of the choice on the page. */
export const areas = [
  'vote',
  'scan',
  'study',
  'roi',
  'labels',
  'report',
  'training',
  'series',
  'model',
  'prediction',
  'account',
  'session',
  'exported',
  'backup',
  'database',
  'settings',
  'pacs',
] as const

/** An act in words: "vote.cast" as "Vote cast"; one without words of its own as it stands. */
export function actText(act: string, t: (key: string) => string, te: (key: string) => boolean): string {
  const key = `safety.acts.${act.replace('.', '_').replaceAll('-', '_')}`
  return te(key) ? t(key) : act
}

/** The acts of an area that have words, as entries name them: "vote.cast". */
export const actsOf = (area: string): string[] =>
  Object.keys(safety.acts)
    .filter((key) => key.startsWith(`${area}_`))
    .map((key) => `${area}.${key.slice(area.length + 1).replaceAll('_', '-')}`)
