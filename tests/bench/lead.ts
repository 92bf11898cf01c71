import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { display } from '../../scripts/lib/display.mjs'
import { createStatistics } from '../../src/main/statistics/host.ts'
import { addLargeStudy, timed } from '../fixtures/large-study.ts'
import { startProgram } from '../fixtures/program.ts'
import { bounds, leadPages } from './lead-window.ts'
import type { Line } from './line.ts'
import { sealed } from './sealed.ts'

const scans = 100_000
/** The lead's pages on 100,000 scans and 300,000 votes, in the real window. */
export async function bench(line: Line): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'concord-bench-lead-'))
  const screen = await display({ always: true })
  try {
    const data = join(root, 'data')
    const { studyId, database } = await prepare(data)
    await cold(database, studyId, line)
    await sealed(join(root, 'sealed'), line)
    await leadPages({ data, env: screen.env, studyId, votes: '300,000', reader: 'B', ahead: 3000 }, line)
  } finally {
    screen.stop()
    rmSync(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
}

async function prepare(data: string): Promise<{ studyId: string; database: string }> {
  const program = await startProgram(data)
  const lead = await program.person('lead', 'lead', 'administrator')
  const readers = [
    await program.person('r1', 'reader'),
    await program.person('r2', 'reader'),
    await program.person('r3', 'reader'),
  ]
  const { studyId } = await addLargeStudy(program.db, {
    ...{ scans, readerIds: readers.map((reader) => reader.accountId), leadId: lead.accountId },
  })
  const { database } = program.folders
  await program.close()
  return { studyId, database }
}

/** The figures without anything read ahead: what the first page after the start costs where nobody waited. */
async function cold(database: string, id: string, line: Line): Promise<void> {
  const statistics = createStatistics({ file: database })
  const study = { id, categories: [1, 2, 3, 4, 5], rescanFrom: 4 }
  const common = { kind: 'overview-parts', study, filter: {}, resamples: 1000, seed: 1 } as const
  const first = await timed(() => statistics.ask({ ...common, everything: false }))
  const again = await timed(() => statistics.ask({ ...common, everything: false }))
  const whole = await timed(() => statistics.ask({ ...common, everything: true }))
  line(
    'figures of 300,000 votes, nothing read ahead',
    first.ms,
    'ms',
    `the bound of ${bounds.open} ms`,
    first.ms / bounds.open,
  )
  line('… once they are read', again.ms, 'ms', 'the first time', again.ms / first.ms)
  line('… with 1000 resamples of 50,000 patients', whole.ms, 'ms', 'the first time', whole.ms / first.ms)
  await statistics.close()
}
