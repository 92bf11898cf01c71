import { networkNamed } from '../../learning/networks/index.ts'
import { bayesLimit } from '../../phantom/heel/patients.ts'
import { countsOf, gapOf, maxVoting, select } from './figures.ts'
import type { Counts, Gap } from './figures.ts'
import { contradictions } from './paper.ts'
import { protocols } from './plan.ts'
import type { Protocol, Settings } from './plan.ts'
import type { TestedPicture, TrainingResult } from './run.ts'

/** A row for every figure of the batch: what the Markdown tables and the CSV are made of. */
export interface BatchFigures {
  rows: ({ experiment: string; protocol: Protocol; network: string; pictures: number; ties: number | null } & Counts)[]
  gaps: ({ experiment: string; network: string } & Gap)[]
}

/** @param tie What max-voting calls a picture of equally many votes: 1 osteoporotic, 0 control. */
export function batchFigures(
  results: readonly TrainingResult[],
  settings: Settings,
  tie: 0 | 1,
  seed: number,
  resamples = 2000,
): BatchFigures {
  const all = [...settings.networks, settings.scratch]
  const cells: {
    experiment: string
    network: string
    tests: Record<Protocol, TestedPicture[]>
    ties: Record<Protocol, number> | null
  }[] = []
  const cell = (experiment: 'E1' | 'E2' | 'E3' | 'E4' | 'E5' | 'E7', network: string): void => {
    const of = (protocol: Protocol): TestedPicture[] =>
      select(results, { experiment, network, protocol }).flatMap(({ test }) => test)
    cells.push({ experiment, network, tests: { leaky: of('leaky'), honest: of('honest') }, ties: null })
  }
  for (const experiment of ['E1', 'E2', 'E3', 'E4'] as const)
    for (const name of settings.networks) cell(experiment, name)
  cell('E5', settings.scratch)
  const voted = (protocol: Protocol) =>
    maxVoting(
      [...select(results, { experiment: 'E4', protocol }), ...select(results, { experiment: 'E5', protocol })],
      tie,
    )
  const votes = { leaky: voted('leaky'), honest: voted('honest') }
  cells.push({
    ...{ experiment: 'E6', network: `max-voting of ${all.length}` },
    tests: { leaky: votes.leaky.test, honest: votes.honest.test },
    ties: { leaky: votes.leaky.ties, honest: votes.honest.ties },
  })
  for (const name of all) cell('E7', name)
  return {
    rows: cells.flatMap(({ experiment, network, tests, ties }) =>
      protocols.map((protocol) => ({
        ...{ experiment, protocol, network, pictures: tests[protocol].length, ties: ties?.[protocol] ?? null },
        ...countsOf(tests[protocol]),
      })),
    ),
    gaps: cells.flatMap(({ experiment, network, tests }) => {
      const gap = gapOf(tests.leaky, tests.honest, seed, resamples)
      return gap ? [{ experiment, network, ...gap }] : []
    }),
  }
}

const percent = (value: number | null): string => (value === null ? '-' : `${(100 * value).toFixed(1)} %`)
const title = (network: string): string => (network.startsWith('max') ? network : networkNamed(network).title)
const protocolTitle: Record<Protocol, string> = {
  leaky: 'leaky protocol (augmented, shuffled, split: as the paper)',
  honest: 'split by patient, then augmented',
}
export const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')

/** The paper's Tables 3 to 6 for both protocols, the two side by side, and where the paper contradicts itself. */
export function batchMarkdown({ rows, gaps }: BatchFigures, settings: Settings, tie: 0 | 1): string {
  const note = settings.reduced ? `\n\n_Reduced: ${settings.reduced}._` : ''
  const sets = { E1: 'N', E2: 'A', E3: 'B', E4: 'C' } as const
  const of = (protocol: Protocol, experiment: string, network: string) =>
    rows.find((row) => row.protocol === protocol && row.experiment === experiment && row.network === network)!
  const paperTable = (protocol: Protocol, metrics: readonly (keyof Counts)[]): string =>
    table(
      ['Trial', 'Metric', ...settings.networks.map(title)],
      (['E1', 'E2', 'E3', 'E4'] as const).flatMap((experiment) =>
        metrics.map((metric) => [
          `${experiment}, set ${sets[experiment]}`,
          metric.length === 2 && 'tp tn fp fn'.includes(metric)
            ? metric.toUpperCase()
            : metric[0]!.toUpperCase() + metric.slice(1),
          ...settings.networks.map((network) => {
            const value = of(protocol, experiment, network)[metric]
            return metric === 'acc' || metric === 'sn' || metric === 'sp' ? percent(value) : String(value)
          }),
        ]),
      ),
    )
  const single = (protocol: Protocol, experiment: string): string =>
    table(
      ['Network', 'Pictures', 'Acc', 'Sp', 'Sn', 'TP', 'TN', 'FP', 'FN', 'Ties'],
      rows
        .filter((row) => row.protocol === protocol && row.experiment === experiment)
        .map((row) => [
          ...[title(row.network), row.pictures, percent(row.acc), percent(row.sp), percent(row.sn)],
          ...[row.tp, row.tn, row.fp, row.fn, row.ties ?? '-'],
        ]),
    )
  const sections = protocols.flatMap((protocol) => [
    `## ${protocol === 'leaky' ? 'As the paper does it' : 'Split by patient'}: ${protocolTitle[protocol]}`,
    `### Table 3: Acc, Sp and Sn${note}`,
    paperTable(protocol, ['acc', 'sp', 'sn']),
    `### Table 4: TP, TN, FP and FN${note}`,
    paperTable(protocol, ['tp', 'tn', 'fp', 'fn']),
    `### Table 5 (E5): the network trained from scratch, set C${note}`,
    single(protocol, 'E5'),
    `### E6: max-voting, set C${note}\n\nMore than half of the votes decide; a tie is called ${tie === 1 ? 'osteoporotic' : 'control'}.`,
    single(protocol, 'E6'),
    `### Table 6 (E7): three folds, set C, all tests together${note}`,
    single(protocol, 'E7'),
  ])
  return [
    '## Honest against leaky',
    `The same networks on the same pictures; the only difference is what was split: pictures, or patients.${note}`,
    table(
      ['Trial', 'Network', 'Leaky', 'By patient', 'Gap (95 % interval by patient)'],
      gaps.map(({ experiment, network, leaky, honest, difference, ci }) => [
        ...[experiment, title(network), percent(leaky), percent(honest)],
        `${(100 * difference).toFixed(1)} points${ci ? ` (${(100 * ci[0]).toFixed(1)} to ${(100 * ci[1]).toFixed(1)})` : ''}`,
      ]),
    ),
    `No reader or network can be right more often than ${percent(bayesLimit)} on new patients of this phantom: what lies above is the leak. Where a figure by patient is near 50 %, the network had not settled when it was tested, and the gap is not the leak alone: the rows to read are those of E7, which tests every patient.`,
    ...sections,
    '## Where the printed tables contradict each other',
    contradictionText(),
    '',
  ].join('\n\n')
}

function contradictionText(): string {
  const found = contradictions()
  const rates = ({ acc, sn, sp }: { acc: number; sn: number; sp: number }): string =>
    `${acc.toFixed(1)} / ${sn.toFixed(1)} / ${sp.toFixed(1)}`
  const helped = found.filter(({ exchangeHelps }) => exchangeHelps).length
  const first =
    `In ${found.length} of the 20 cells of the paper's Table 4 the counts do not give Table 3's Acc, Sn and Sp; in ` +
    `${helped} of them they do once the rows FN and FP are exchanged. Where they do not, a printed rate is off.`
  const rows = found.map(({ experiment, network, printed, asPrinted, exchanged, exchangeHelps }) => [
    ...[experiment, network, rates(printed), rates(asPrinted), rates(exchanged), exchangeHelps ? 'yes' : 'no'],
  ])
  const head = [
    'Trial',
    'Network',
    'Table 3: Acc / Sn / Sp',
    'from Table 4 as printed',
    'FN and FP exchanged',
    'then equal',
  ]
  return `${first}\n\n${table(head, rows)}`
}
