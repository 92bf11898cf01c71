import { computed, ref, type ComputedRef, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Scale } from '../../../preload/contract/common.ts'
import { targetOf, targetsOf, type Target } from './figures.ts'

/** The choice of what is looked at: all grades, the cut, or one grade; the cut first where there is one. */
export function useTargets(scale: () => Scale): {
  key: Ref<string>
  target: ComputedRef<Target>
  options: ComputedRef<{ value: string; text: string }[]>
} {
  const { t } = useI18n()
  const key = ref(scale().rescanFrom === null ? 'all' : 'cut')
  const options = computed(() =>
    targetsOf(scale()).map((one) => ({
      value: String(one),
      text: typeof one === 'number' ? t('evaluation.targets.grade', { grade: one }) : t(`evaluation.targets.${one}`),
    })),
  )
  return { key, target: computed(() => targetOf(key.value)), options }
}
