import { useI18n } from 'vue-i18n'
import { useErrorText } from '../parts/useErrorText.ts'
import type { useReading } from '../stores/reading.ts'

type Trouble = NonNullable<ReturnType<typeof useReading>['trouble']>

/** What became of a vote that did not go through. Of a disk it says the reason alone: what is safe stands in the sentence around it. */
export function useTroubleText(): (trouble: Trouble) => string {
  const { t, te } = useI18n()
  const errorText = useErrorText()
  return ({ of, failure }) => {
    const short = `reading.disk.${failure.code}`
    return t(`reading.trouble.${of}`, { reason: te(short) ? t(short) : errorText(failure) })
  }
}
