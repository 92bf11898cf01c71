import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Run } from '../../../preload/contract/training.ts'
import { useChartStyle } from '../../charts/useChartStyle.ts'
import { axisEnd, curves, type Curves } from './curves.ts'

type Epoch = Run['epochs'][number]

/** A figure of a run by epoch, of the slices trained on and of those held out: its table, and its curves with what else the chart shows. */
export function useEpochCurves(
  run: () => Run,
  of: { train(epoch: Epoch): number | null; validation(epoch: Epoch): number | null },
  more: () => Pick<Curves, 'lines' | 'band' | 'mark' | 'share'>,
) {
  const { t, locale } = useI18n()
  const style = useChartStyle()
  const epochs = computed(() => run().epochs)
  const table = computed(() => ({
    columns: [t('network.runs.epoch'), t('network.parts.train'), t('network.parts.validation')],
    rows: epochs.value.map((one) => [one.epoch, of.train(one), of.validation(one)]),
  }))
  const option = computed(() =>
    curves({
      style: style.value,
      language: locale.value,
      epochs: epochs.value.map((one) => one.epoch),
      end: axisEnd(epochs.value.at(-1)?.epoch ?? 0, run().recipe.epochs, run().state === 'running'),
      series: [
        { name: t('network.parts.train'), values: epochs.value.map(of.train), quiet: true },
        { name: t('network.parts.validation'), values: epochs.value.map(of.validation), quiet: false },
      ],
      axis: t('network.runs.epoch'),
      ...more(),
    }),
  )
  const empty = computed(() => (epochs.value.length === 0 ? t('network.runs.noEpoch') : null))
  return { epochs, table, option, empty }
}
