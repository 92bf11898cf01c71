import { dateFormat } from './intl.ts'

type Translate = (key: string, named: Record<string, unknown>) => string

/** A length of time in the coarsest words that still help: "40 s", "3 min 20 s", "2 h 5 min". */
export function duration(seconds: number, t: Translate): string {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 60) return t('common.seconds', { n: whole })
  if (whole < 600) {
    const s = whole % 60
    const m = Math.floor(whole / 60)
    return s === 0 ? t('common.minutes', { n: m }) : t('common.minutesSeconds', { m, s })
  }
  const minutes = Math.round(whole / 60)
  if (minutes < 60) return t('common.minutes', { n: minutes })
  return t('common.hoursMinutes', { h: Math.floor(minutes / 60), m: minutes % 60 })
}

/** A moment in the reader's own clock and language. */
export function moment(iso: string, language: string): string {
  return dateFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso))
}

/** The day of a moment, with its year. */
export function calendarDay(iso: string, language: string): string {
  return dateFormat(language, { dateStyle: 'medium' }).format(new Date(iso))
}

/** A day such as 2026-11-21. */
export function day(iso: string, language: string): string {
  return dateFormat(language, { day: 'numeric', month: 'short' }).format(new Date(`${iso}T12:00:00`))
}
