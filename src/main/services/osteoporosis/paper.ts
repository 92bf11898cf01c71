import { rates } from './figures.ts'

/** What the 2021 paper prints in its Tables 3 and 4, per cent and counts, in its order of networks. */
const networks = ['AlexNet', 'GoogleNet', 'ResNet50', 'MobileNetV2', 'InceptionV3'] as const

interface Printed {
  experiment: string
  acc: readonly number[]
  sp: readonly number[]
  sn: readonly number[]
  tp: readonly number[]
  tn: readonly number[]
  fp: readonly number[]
  fn: readonly number[]
}

const printed: readonly Printed[] = [
  {
    experiment: 'E1',
    ...{ acc: [50, 52.9, 58.8, 58.6, 47], sp: [35.2, 58.8, 52.9, 64.7, 64.7], sn: [64.7, 47, 64.7, 52.9, 29.4] },
    ...{ tp: [11, 8, 11, 9, 5], tn: [6, 10, 9, 11, 11], fp: [6, 9, 6, 8, 12], fn: [11, 7, 8, 6, 6] },
  },
  {
    experiment: 'E2',
    ...{ acc: [81.4, 80, 80, 77.8, 82.1], sp: [88.5, 81.4, 80, 84.2, 82.8], sn: [74.2, 78.5, 80, 71.4, 81.4] },
    ...{ tp: [52, 55, 56, 50, 57], tn: [62, 57, 56, 59, 58], fp: [18, 15, 14, 20, 13], fn: [8, 13, 14, 11, 12] },
  },
  {
    experiment: 'E3',
    ...{ acc: [95.3, 98.5, 96, 94.9, 97.4], sp: [93.5, 100, 96.4, 92.1, 99.2], sn: [97.1, 97.1, 95.6, 97.8, 95.6] },
    ...{ tp: [135, 135, 133, 136, 133], tn: [130, 139, 134, 128, 138], fp: [4, 4, 6, 3, 6], fn: [9, 0, 5, 11, 1] },
  },
  {
    experiment: 'E4',
    ...{ acc: [98.4, 97.1, 99.02, 98, 98.4], sp: [100, 96.1, 98, 97.4, 96.8], sn: [96.8, 98, 100, 98.7, 100] },
    ...{ tp: [152, 154, 157, 155, 157], tn: [157, 151, 154, 153, 152], fp: [5, 3, 0, 2, 0], fn: [0, 6, 3, 4, 5] },
  },
]

/** A cell of Table 4 that does not give the rates of Table 3. */
export interface Contradiction {
  experiment: string
  network: string
  /** Per cent as printed in Table 3. */
  printed: { acc: number; sn: number; sp: number }
  /** From Table 4's counts as printed, and with FN and FP exchanged. */
  asPrinted: { acc: number; sn: number; sp: number }
  exchanged: { acc: number; sn: number; sp: number }
  exchangeHelps: boolean
}

/**
 * Where the paper's tables contradict one another by more than their rounding (0.15 points: some are cut, not rounded).
 * In Table 4 the rows FP and FN are exchanged: with them the other way round the sensitivities and specificities of
 * Table 3 come out, but for single cells.
 */
export function contradictions(): Contradiction[] {
  return printed.flatMap((table) =>
    networks.flatMap((network, i) => {
      const [tp, tn, fp, fn] = [table.tp[i]!, table.tn[i]!, table.fp[i]!, table.fn[i]!]
      const told = { acc: table.acc[i]!, sn: table.sn[i]!, sp: table.sp[i]! }
      const asPrinted = percent({ tp, tn, fp, fn })
      const exchanged = percent({ tp, tn, fp: fn, fn: fp })
      if (agrees(asPrinted, told)) return []
      return [
        {
          experiment: table.experiment,
          network,
          printed: told,
          asPrinted,
          exchanged,
          exchangeHelps: agrees(exchanged, told),
        },
      ]
    }),
  )
}

type Rates = Contradiction['printed']

function percent(counts: Record<'tp' | 'tn' | 'fp' | 'fn', number>): Rates {
  const { acc, sn, sp } = rates(counts)
  return { acc: 100 * acc!, sn: 100 * sn!, sp: 100 * sp! }
}

const agrees = (a: Rates, b: Rates): boolean =>
  (['acc', 'sn', 'sp'] as const).every((name) => Math.abs(a[name] - b[name]) < 0.15)
