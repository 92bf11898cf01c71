import { useI18n } from 'vue-i18n'
import type { Failure } from '../api.ts'

/**
 * The sentence of a failure. The main process speaks English; other languages have their own sentence by code where there is
 * one. So has English where the seconds of a wait are counted down beside it, and for a request whose form was not checked: its
 * message is about the form's inside.
 */
export function useErrorText(): (failure: Failure) => string {
  const { t, te, locale } = useI18n()
  return (failure) => {
    const key = `errors.${failure.code}`
    const own = locale.value !== 'en' || failure.wait !== undefined || failure.code === 'request-invalid'
    return own && te(key) ? t(key, { names: namesIn(failure.message) }) : failure.message
  }
}

/** Scans that a sentence lists, each with what is wrong with it in brackets: their names go into every language's own sentence. */
const namesIn = (message: string): string =>
  [...message.matchAll(/(?:: |, )([^\s,:(]+) \(/g)].map(([, name]) => name).join(', ')
