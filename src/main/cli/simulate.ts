import { ConcordError } from '../domain/error.ts'
import { thesisSeed } from '../phantom/votes.ts'
import { scanFormats } from '../phantom/write.ts'
import { simulateInto, simulateVotesInto } from '../services/simulated/simulation.ts'
import { flag, parse, text } from './arguments.ts'
import { simulateHeels } from './simulate-heel.ts'
import { type CommandIo, rejectLine } from './io.ts'
import { required, wholeNumber } from './options.ts'

export const usage =
  'simulate OUT --scans N [--site tibia|radius|calcaneus] [--seed S] [--size 512] [--voxel MM] [--slices 168] [--readers 3] ' +
  '[--grades balanced|thesis] [--formats isq,dicom,aim] [--workers 2]\nsimulate OUT --votes-only [--scans 1000] [--site tibia|radius] [--seed 39] [--readers 3] [--grades balanced|thesis]'

/**
 * `concord simulate`: N phantom scans of known motion (two a patient), their projections, the truth and simulated
 * readers' votes, in folder OUT, which must be new or empty, or hold the same scans half made: these are gone on with.
 * `--formats`: what patients' scans are written as, in turn. Both sites in turn where no site is named; `--site calcaneus`
 * makes radiographs of heels, half of them osteoporotic, 174 by default. One JSON object on stdout, progress on stderr.
 * `--votes-only`: the votes alone, by default of a study of the thesis's size and grades, as `votes.csv` and one file a
 * site. Exit code 0; 2 for bad arguments or a folder that cannot be written.
 */
export async function simulateCommand(args: string[], io: CommandIo): Promise<number> {
  const { folder, workers, votesOnly, ...study } = optionsOf(args)
  if (study.site === 'calcaneus') return simulateHeels(folder, { ...study, workers }, io)
  const { site } = study
  if (votesOnly) return votesOnlyCommand(folder, { ...study, site }, io)
  const started = performance.now()
  // Scans that an interrupted run left there; they take no time now.
  let there: number | undefined
  try {
    const { scans, votes } = await simulateInto(
      folder,
      { ...study, site },
      {
        ...(workers === undefined ? {} : { workers }),
        onProgress({ done, total }) {
          there ??= done
          const seconds = (performance.now() - started) / 1000
          const left = done === there ? '' : `, ${Math.ceil((seconds / (done - there)) * (total - done))} s left`
          io.err(`${done} of ${total} scans${left}`)
        },
      },
    )
    const count = (values: (string | number)[]): Record<string, number> => {
      const counts: Record<string, number> = {}
      for (const value of values) counts[value] = (counts[value] ?? 0) + 1
      return counts
    }
    io.out(
      JSON.stringify({
        ...{ out: folder, scans: scans.length, patients: new Set(scans.map((scan) => scan.patient)).size },
        ...{ formats: count(scans.map((scan) => scan.format)), sites: count(scans.map((scan) => scan.site)) },
        ...{ grades: count(scans.map((scan) => scan.trueGrade)), readers: study.readers, votes: votes.length },
        files: scans.map((scan) => scan.file),
        ...{ truth: 'truth.csv', motion: 'motion.json', votesFile: 'votes.csv', projections: 'projections' },
        seconds: Math.round(performance.now() - started) / 1000,
      }),
    )
    return 0
  } catch (error) {
    rejectLine(folder, error, io)
    return 2
  }
}

async function votesOnlyCommand(folder: string, study: Parameters<typeof simulateVotesInto>[1], io: CommandIo) {
  try {
    const { scans, votes, files } = await simulateVotesInto(folder, study)
    const patients = new Set(scans.map((scan) => scan.patient)).size
    io.out(
      JSON.stringify({
        ...{ out: folder, scans: scans.length, patients, readers: study.readers, votes: votes.length },
        ...{ grades: study.grades, seed: study.seed, files },
      }),
    )
    return 0
  } catch (error) {
    rejectLine(folder, error, io)
    return 2
  }
}

function optionsOf(args: string[]) {
  const { values, positionals } = parse(args, {
    ...{ scans: text, site: text, seed: text, size: text, voxel: text },
    ...{ slices: text, readers: text, grades: text, formats: text, workers: text },
    'votes-only': flag,
  })
  const folder = positionals[0]
  if (folder === undefined || positionals.length > 1)
    throw new ConcordError('no-folder', 'Name one folder to write to.')
  const atLeast = (
    option: string,
    given: string | undefined,
    fallback: number | undefined,
    low: number,
    high: number,
  ) => {
    if (given === undefined && fallback !== undefined) return fallback
    return wholeNumber(option, required(given, option), high, low)
  }
  const site = values.site ?? 'both'
  if (site !== 'tibia' && site !== 'radius' && site !== 'calcaneus' && site !== 'both')
    throw new ConcordError('bad-option', `--site must be tibia, radius, calcaneus or both, not "${site}".`)
  const votesOnly = values['votes-only'] === true
  if (votesOnly && site === 'calcaneus')
    throw new ConcordError('bad-option', '--votes-only is for tibia and radius: leave it out.')
  const grades = values.grades ?? (votesOnly ? 'thesis' : 'balanced')
  if (grades !== 'balanced' && grades !== 'thesis')
    throw new ConcordError('bad-option', `--grades must be balanced or thesis, not "${grades}".`)
  const formats = (values.formats ?? 'isq,dicom').split(',').map((text) => {
    const format = scanFormats.find((known) => known === text.trim().toLowerCase())
    if (!format)
      throw new ConcordError('bad-option', `--formats takes ${scanFormats.join(', ')}, not "${text.trim()}".`)
    return format
  })
  const scans = atLeast('--scans', values.scans, votesOnly ? 1000 : site === 'calcaneus' ? 174 : undefined, 1, 100000)
  return {
    ...({ folder, site, grades, scans, patients: Math.ceil(scans / 2), scansPerPatient: 2 } as const),
    ...{ formats, votesOnly },
    seed: values.seed ?? (votesOnly ? thesisSeed : '1'),
    size: atLeast('--size', values.size, 512, 64, 1024),
    ...(values.voxel === undefined ? {} : { voxel: voxelOf(values.voxel) }),
    slices: atLeast('--slices', values.slices, 168, 1, 512),
    readers: atLeast('--readers', values.readers, 3, 1, 100),
    workers: values.workers === undefined ? undefined : atLeast('--workers', values.workers, undefined, 1, 64),
  }
}

/** Edge of a voxel in mm. */
function voxelOf(text: string): number {
  const voxel = Number(text)
  if (voxel >= 0.05 && voxel <= 1) return voxel
  throw new ConcordError('bad-option', `--voxel must be 0.05 to 1 mm, not "${text}".`)
}
