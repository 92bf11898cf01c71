import type { Column } from '../../domain/csv-table.ts'

export interface DescribedTable {
  file: string
  what: string
  rows: number
  columns: readonly Column<never>[]
}

/** README.md of an exported folder, from the same columns that the tables were written with. */
export function readmeText(about: {
  title: string
  version: string
  writtenAt: string
  auditHead: string
  named: boolean
  tables: readonly DescribedTable[]
}): string {
  const { title, version, writtenAt, auditHead, named, tables } = about
  return `# ${title}

Written by Concord ${version} at ${writtenAt}. End of the audit chain: \`${auditHead}\`.

Scans and patients are pseudonyms; no identity of a patient is in this folder. ${
    named
      ? 'Readers have their names in `votes.csv`: somebody asked for that on purpose, and it was recorded.'
      : 'Readers are letters.'
  } Free text of readers (notes) and of the lead is not exported: it may name somebody.

All tables are CSV after RFC 4180: comma, dot as decimal mark, UTF-8, a header, empty cells for what is not there. A text that
a spreadsheet would run as a formula has an apostrophe in front.

\`analysis.R\` (base R is enough; the package irr is used beside it where it is installed) and \`analysis.py\` (Python 3, standard
library alone) compute the figures anew from \`votes.csv\` and \`scale.csv\`, print them beside those of the program in \`figures.csv\`,
and fail where one differs by more than 1e-9. Where the study asks for a condition they do the same with \`classes.csv\` (from
\`truth.csv\`, where the truth is known), intervals too but those of a bootstrap:

    Rscript analysis.R
    python3 analysis.py

${tables.map(section).join('\n')}`
}

const section = ({ file, what, rows, columns }: DescribedTable): string => `## ${file}

${what} ${rows} ${rows === 1 ? 'row' : 'rows'}.

| column | meaning |
| --- | --- |
${columns.map(({ name, meaning }) => `| \`${name}\` | ${meaning} |`).join('\n')}
`
