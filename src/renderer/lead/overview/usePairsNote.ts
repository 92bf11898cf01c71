import { useI18n } from 'vue-i18n'

/** A note of a card, and that it shows some pairs of readers alone where there are more than the page has room for. */
export function usePairsNote(): (note: string, shown: number, all: number) => string {
  const { t } = useI18n()
  return (note, shown, all) => (shown < all ? `${note} ${t('lead.overview.foremost', { shown, all })}` : note)
}
