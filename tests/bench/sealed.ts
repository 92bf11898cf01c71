import { median } from '../../src/main/domain/median.ts'
import { createStatistics } from '../../src/main/statistics/host.ts'
import { addLargeStudy, timed, type LargeStudy } from '../fixtures/large-study.ts'
import { startProgram } from '../fixtures/program.ts'
import type { Line } from './line.ts'

/** The first reading of 60,000 votes, encrypted and in the clear in turn, each in a thread that has read none of them. */
export async function sealed(data: string, line: Line): Promise<void> {
  const program = await startProgram(data)
  const { accountId: leadId } = await program.person('lead', 'lead')
  const readerIds = [leadId]
  for (const name of ['r1', 'r2']) readerIds.push((await program.person(name, 'reader')).accountId)
  const make = (scans: number, encrypted: boolean) => addLargeStudy(program.db, { scans, readerIds, leadId, encrypted })
  const [small, clear, shut] = [await make(10, false), await make(20_000, false), await make(20_000, true)]
  const { database } = program.folders
  await program.close()
  const first = async ({ studyId, keys }: LargeStudy): Promise<number> => {
    const statistics = createStatistics({ file: database })
    const ask = (id: string, given: LargeStudy['keys']) =>
      statistics.ask({
        ...{ kind: 'overview', filter: {}, resamples: 1000, seed: 1, everything: false },
        study: { id, keys: given, categories: [1, 2, 3, 4, 5], rescanFrom: 4 },
      })
    await ask(small.studyId, null)
    const { ms } = await timed(() => ask(studyId, keys))
    await statistics.close()
    return ms
  }
  const [open, closed]: [number[], number[]] = [[], []]
  for (let round = 0; round < 5; round++) {
    open.push(await first(clear))
    closed.push(await first(shut))
  }
  const [plain, opened] = [median(open)!, median(closed)!]
  line('figures of 60,000 encrypted votes, nothing read ahead', opened, 'ms', 'in the clear', opened / plain)
}
