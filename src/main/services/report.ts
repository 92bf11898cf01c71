import type { DisputedScan, Overview } from '../../preload/contract/analysis.ts'
import type { Estimate } from '../../preload/contract/common.ts'
import type { LabelSet } from '../../preload/contract/labels.ts'
import type { Model } from '../../preload/contract/models.ts'

export interface ReportContent {
  title: string
  version: string
  /** The end of the audit chain. */
  audit: string
  printedAt: Date
  overview: Overview
  disputed: DisputedScan[]
  labelSets: LabelSet[]
  models: Model[]
}

/**
 * The report as one page of HTML for the printer: subjects, readers, process, agreement with intervals, disputed scans,
 * labels, networks, in the order of the GRRAS checklist (Kottner et al. 2011, J Clin Epidemiol 64:96-106).
 * Pseudonyms only; readers by letter until unblinding.
 */
export function reportHtml(content: ReportContent): string {
  const { overview, disputed, labelSets, models } = content
  const { agreement, study } = overview
  const rescan = agreement.rescan
  const readers = overview.readers.map((r) => (r.displayName ? `${r.letter} (${r.displayName})` : r.letter))
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escape(content.title)}</title>
<style>
  @page { size: A4; margin: 18mm 16mm }
  body { font: 10.5pt/1.45 'Liberation Sans', Arial, sans-serif; color: #16181c }
  h1 { font-size: 18pt; margin: 0 0 2mm } h2 { font-size: 12.5pt; margin: 8mm 0 2mm; border-bottom: .3mm solid #9aa0a8 }
  table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums } tr { break-inside: avoid }
  th, td { text-align: left; vertical-align: top; padding: 1mm 2mm; border-bottom: .2mm solid #d5d8dc }
  td:first-child { white-space: nowrap } th.n, td.n { text-align: right }
  .big { font-size: 26pt; font-weight: 600; margin: 2mm 0 0 } .soft { color: #555b63 }
</style></head><body>
<h1>${escape(content.title)}</h1>
<div class="soft">${escape(study.template)} · state: ${study.state} · printed ${content.printedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC · Concord ${escape(content.version)}</div>

<h2>Re-scan disagreement</h2>
<div class="big">${percent(rescan.disagreementRate)}</div>
<div>${rescan.count} of ${rescan.n} scans with two or more votes have votes on both sides of the re-scan cut${
    study.scale.rescanFrom === null ? '' : ` (grade ${study.scale.rescanFrom} and above)`
  }; 95 % interval ${rescan.ci ? `${percent(rescan.ci[0])} to ${percent(rescan.ci[1])}` : 'not defined'}.</div>
${table(
  ['Site', 'Disagree', 'Scans', 'Rate', '95 % interval'],
  overview.rescanBySite.map((s) => [
    s.site,
    s.count,
    s.n,
    percent(s.rate),
    s.ci ? `${percent(s.ci[0])} to ${percent(s.ci[1])}` : '–',
  ]),
)}

<h2>Subjects, readers, process</h2>
<p>${study.scans?.reading ?? 0} scans were read by ${readers.length} readers (${escape(readers.join(', '))}), each blind to the others and in an own
seeded order; ${overview.votes.cast} of ${overview.votes.expected} votes were cast. Scale: ${escape(
    study.scale.grades.map((g) => `${g.value} ${g.word}`).join(', '),
  )}.</p>
${table(
  [
    'Reader',
    'Votes',
    ...overview.readers[0]!.distribution.map((d) => (d.grade === null ? 'cannot be graded' : `grade ${d.grade}`)),
  ],
  overview.readers.map((r) => [r.letter, `${r.cast} / ${r.total}`, ...r.distribution.map((d) => d.count)]),
)}

<h2>Agreement</h2>
${table(
  ['Statistic', 'Value', '95 % interval', 'Scans'],
  [
    ['All readers give the same grade', percent(agreement.fullAgreementRate), '–', agreement.fleissKappa.n ?? '–'],
    ['Agreeing pairs of votes', percent(agreement.percentAgreement.pairwise), '–', agreement.subjects],
    ["Fleiss' kappa", ...figure(agreement.fleissKappa)],
    ["Krippendorff's alpha, ordinal", ...figure(agreement.krippendorffAlpha.ordinal)],
    ["Krippendorff's alpha, nominal", ...figure(agreement.krippendorffAlpha.nominal)],
  ],
)}
${table(
  ['Pair of readers', 'Weights', "Cohen's kappa", '95 % interval', 'Scans'],
  agreement.cohenKappa.map((k) => [k.raters.join(' and '), k.weights, ...figure(k)]),
)}
<p class="soft">Intervals: kappa after Fleiss, Cohen and Everitt (1969) and Gwet (2014); alpha by bootstrap; rates by Wilson, or by
bootstrap over patients where a patient has several scans. A value that is not defined says why.</p>

<h2>Disputed scans (${disputed.length})</h2>
${table(
  ['Scan', 'Site', ...overview.readers.map((r) => r.letter), 'Across the cut', 'Majority', 'Rounded mean', 'Settled'],
  disputed.map((d) => [
    d.pseudonym,
    d.site,
    ...overview.readers.map((r) => d.votes.find((v) => v.letter === r.letter)?.grade ?? '–'),
    d.acrossCut ? 'yes' : 'no',
    d.majority ?? 'none',
    d.roundedMean ?? '–',
    d.adjudicated ? `${d.adjudicated.grade}: ${d.adjudicated.reason}` : '–',
  ]),
)}

<h2>Label sets</h2>
${
  labelSets.length
    ? table(
        ['Name', 'Rule', 'Labels', 'Settled by the lead', 'No consensus', 'Digest of the votes'],
        labelSets.map((s) => [s.name, s.rule, s.labels, s.adjudicated, s.unresolved, s.digest.slice(0, 16)]),
      )
    : '<p>None has been frozen yet.</p>'
}

<h2>Networks</h2>
${
  models.length
    ? table(
        ['Model', 'Test scans', 'Accuracy', 'At the re-scan cut', 'Always the commoner decision', 'Quadratic kappa'],
        models.map((m) => [
          m.name,
          m.test?.scans ?? 0,
          rate(m.test?.accuracy),
          rate(m.test?.rescanAccuracy),
          percent(m.test?.majorityClassRate ?? null),
          m.test ? figure(m.test.quadraticKappa)[0] : '–',
        ]),
      )
    : '<p>None has been trained yet.</p>'
}

<h2>Audit trail</h2>
<p class="soft" style="overflow-wrap: anywhere">Entry and digest at the time of printing: ${escape(content.audit)}<br>
Whoever keeps this line can show later that nothing before it was changed or removed (page "Audit trail", or
concord study verify --head).</p>
</body></html>`
}

type Cell = string | number

const escape = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)

const percent = (value: number | null): string => (value === null ? 'not defined' : `${(value * 100).toFixed(1)} %`)

function figure(e: Estimate): [string, string, string | number] {
  return [
    e.estimate === null ? (e.reason ?? 'not defined') : e.estimate.toFixed(2),
    e.ci ? `${e.ci[0].toFixed(2)} to ${e.ci[1].toFixed(2)}` : '–',
    e.n ?? '–',
  ]
}

function rate(e: Estimate | undefined): string {
  if (!e || e.estimate === null) return e?.reason ?? '–'
  return e.ci ? `${percent(e.estimate)} (${percent(e.ci[0])} to ${percent(e.ci[1])})` : percent(e.estimate)
}

/** Columns of numbers stand to the right, their headings too. */
function table(head: string[], rows: Cell[][]): string {
  const numeric = head.map((_, column) => rows.some((row) => typeof row[column] === 'number'))
  const line = (tag: string, cells: Cell[]): string =>
    `<tr>${cells
      .map((value, column) => `<${tag}${numeric[column] ? ' class="n"' : ''}>${escape(String(value))}</${tag}>`)
      .join('')}</tr>`
  return `<table><thead>${line('th', head)}</thead><tbody>${rows.map((row) => line('td', row)).join('')}</tbody></table>`
}
