import { useI18n } from 'vue-i18n'

/**
 * A note of a card, and that it shows some pairs of readers alone where there are more than it has room for. The others are in the
 * table behind a chart; a card of rows has a button for them.
 */
export function usePairsNote(): (note: string, shown: number, all: number, as?: 'chart' | 'rows') => string {
  const { t } = useI18n()
  return (note, shown, all, as = 'chart') =>
    shown < all
      ? [
          note,
          t('lead.overview.foremost', { shown, all }),
          ...(as === 'chart' ? [t('lead.overview.behind')] : []),
        ].join(' ')
      : note
}
