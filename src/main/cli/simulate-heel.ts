import { bayesLimit } from '../phantom/heel/patients.ts'
import { simulateHeelsInto } from '../services/simulated/simulation.ts'
import { type CommandIo, rejectLine } from './io.ts'

/** `concord simulate OUT --site calcaneus`: radiographs of heels, half of them osteoporotic (phantom/heel/write.ts). */
export async function simulateHeels(
  folder: string,
  { scans, seed, readers, workers }: { scans: number; seed: string; readers: number; workers: number | undefined },
  io: CommandIo,
): Promise<number> {
  try {
    const study = await simulateHeelsInto(
      folder,
      { seed, pairs: Math.ceil(scans / 2), readers },
      {
        ...(workers === undefined ? {} : { workers }),
        onProgress: ({ done, total }) => io.err(`${done} of ${total} radiographs`),
      },
    )
    const count = (kind: 'CN' | 'OP'): number => study.patients.filter((patient) => patient.class === kind).length
    io.out(
      JSON.stringify({
        ...{ out: folder, scans: study.patients.length, patients: study.patients.length, sites: ['calcaneus'] },
        ...{ classes: { CN: count('CN'), OP: count('OP') }, bayesLimit, readers, votes: study.votes.length },
        ...{ files: study.files, truth: 'truth.csv', votesFile: 'votes.csv' },
      }),
    )
    return 0
  } catch (error) {
    rejectLine(folder, error, io)
    return 2
  }
}
