import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Experiment, SplitExample } from '../../../preload/contract/experiments.ts'
import { derivedIn } from '../../domain/augmentation-sets.ts'
import { ConcordError } from '../../domain/error.ts'
import { writeWhole } from '../../files/whole.ts'
import { writeOut } from '../../files/write-out.ts'
import type { Jobs } from '../../jobs/jobs.ts'
import type { LearnerHost } from '../../learning/host.ts'
import { bayesLimit, heelPatients } from '../../phantom/heel/patients.ts'
import type { Caller } from '../context.ts'
import { splitExamples } from './example.ts'
import {
  figuresCsv,
  figuresSoFar,
  fullSettings,
  gapsCsv,
  osteoporosisExperiment,
  reducedSettings,
  sittingsOf,
  trainingsOf,
} from './index.ts'
import type { BatchFigures, ExperimentProgress, ExperimentRequest, Settings } from './index.ts'

/** What a folder of an experiment is for, kept in it. */
interface Plan {
  reduced: boolean
  seed: number
  tie: 'OP' | 'CN'
  weights: string | null
  startedAt: string
}
type Wanted = Omit<Plan, 'startedAt'>

/** The paper's number of pairs. */
const pairs = 87
const nameOf = ({ reduced, seed, tie }: Wanted): string =>
  `${reduced ? 'reduced' : 'full'}-${seed}-${tie === 'OP' ? 'op' : 'cn'}`

/**
 * The osteoporosis experiment of 2021 in the window: a job that may take days. Each lies in a folder of its own; one whose job ended
 * before its time, by a stop, a crash or the end of the program, is "interrupted" and goes on from its last whole epoch.
 */
export function createExperiments({
  jobs,
  learner,
  folders,
}: {
  jobs: Jobs
  learner: LearnerHost
  folders: { experiments: string }
}) {
  let running: { id: string; jobId: string; total: number; ended: Promise<void> } | null = null
  const known = new Map<string, { results: number; figures: BatchFigures }>()
  const folderOf = (id: string): string => join(folders.experiments, id)

  async function planOf(id: string): Promise<Plan> {
    const text = await readFile(join(folderOf(id), 'experiment.json'), 'utf8').catch(() => null)
    if (text === null) throw new ConcordError('experiment-unknown', 'There is no such experiment on this workstation.')
    return JSON.parse(text) as Plan
  }

  const requestOf = ({ reduced, seed, tie, weights }: Wanted): ExperimentRequest => ({
    settings: reduced ? reducedSettings : fullSettings,
    ...{ seed, pairs, studyFolder: null, weights, tie: tie === 'OP' ? 1 : 0 },
  })

  async function figuresOf(id: string, plan: Plan, state: Experiment['state']): Promise<BatchFigures> {
    const count = await resultsIn(folderOf(id))
    const before = known.get(id)
    if (before && before.results === count && state !== 'done') return before.figures
    const figures = await figuresSoFar(folderOf(id), requestOf(plan))
    known.set(id, { results: count, figures })
    return figures
  }

  async function view(id: string): Promise<Experiment> {
    const plan = await planOf(id)
    const { settings } = requestOf(plan)
    const trainings = trainingsOf(settings).length
    const sittings = await sittingsOf(folderOf(id))
    const own = running?.id === id ? running : null
    const state = own ? 'running' : sittings.some(({ ended }) => ended === 'done') ? 'done' : 'interrupted'
    const { rows, gaps } = await figuresOf(id, plan, state)
    return {
      ...{ id, reduced: reducedIn(settings), seed: plan.seed, tie: plan.tie, state, startedAt: plan.startedAt },
      jobId: own?.jobId ?? null,
      done: state === 'done' ? trainings : await resultsIn(folderOf(id)),
      total: trainings,
      seconds: sittings.reduce((sum, { seconds }) => sum + seconds, 0),
      rows: rows.filter(({ pictures }) => pictures > 0).map(byWhom) as Experiment['rows'],
      gaps: gaps.map(byWhom) as Experiment['gaps'],
    }
  }

  async function run(caller: Caller, plan: Plan): Promise<Experiment> {
    const id = nameOf(plan)
    if (running)
      throw new ConcordError('experiment-running', 'An experiment is running; stop it first, or wait for its end.')
    const folder = folderOf(id)
    await mkdir(folder, { recursive: true })
    await writeWhole(join(folder, 'experiment.json'), JSON.stringify(plan))
    const request = requestOf(plan)
    const total = trainingsOf(request.settings).length
    const before = await resultsIn(folder)
    const { job, ended } = await jobs.start(
      { kind: 'experiment', studyId: null, accountId: caller.accountId },
      async ({ signal, progress }) => {
        // Of what is left: the time left follows from it.
        const onProgress = (at: ExperimentProgress): void => {
          if (at.stage !== 'training') progress(0, total - before, `${at.stage} ${at.done}/${at.total}`)
          else
            progress(
              at.done - before + at.epoch / at.epochs,
              total - before,
              `${at.training.id} ${at.epoch}/${at.epochs}`,
            )
        }
        await osteoporosisExperiment(folder, request, { learner, signal, onProgress })
      },
    )
    const own = { id, jobId: job.id, total, ended: ended.then(() => void (running = null)) }
    running = own
    return view(id)
  }

  return {
    async list(): Promise<Experiment[]> {
      const names = (await readdir(folders.experiments).catch(() => [])).filter((name) => /^(reduced|full)-/.test(name))
      const all = await Promise.all(names.map((name) => view(name).catch(() => null)))
      return all.flatMap((one) => one ?? []).sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1))
    },

    explained(): {
      bayesLimit: number
      sets: { set: 'N' | 'A' | 'B' | 'C'; pictures: number }[]
      examples: SplitExample[]
    } {
      const patients = heelPatients(1, pairs).map(({ id, class: kind }) => ({
        ...{ patient: id, label: kind === 'OP' ? (1 as const) : (0 as const) },
      }))
      return {
        bayesLimit,
        sets: (['N', 'A', 'B', 'C'] as const).map((set) => ({ set, pictures: 2 * pairs * derivedIn[set].length })),
        examples: splitExamples(fullSettings, 1, patients, 4),
      }
    },

    async start(caller: Caller, wanted: Wanted): Promise<Experiment> {
      const there = await planOf(nameOf(wanted)).catch(() => null)
      return run(caller, { ...wanted, startedAt: there?.startedAt ?? new Date().toISOString() })
    },

    async resume(caller: Caller, id: string): Promise<Experiment> {
      return run(caller, await planOf(id))
    },

    async stop(id: string): Promise<Experiment> {
      if (running?.id === id) {
        const { jobId, ended } = running
        jobs.cancel(jobId)
        await ended
      }
      return view(id)
    },

    async save(id: string, table: 'figures' | 'gaps', ask: (suggested: string) => Promise<string | null>) {
      const plan = await planOf(id)
      const figures = await figuresSoFar(folderOf(id), requestOf(plan))
      const path = await ask(`osteoporosis-${id}-${table}.csv`)
      if (path !== null) await writeOut(path, table === 'figures' ? figuresCsv(figures) : gapsCsv(figures))
      return { path, rows: path === null ? null : figures[table === 'figures' ? 'rows' : 'gaps'].length }
    },
  }
}

/** What the settings have less of than the paper's; the window words it. */
function reducedIn(settings: Settings): Experiment['reduced'] {
  if (settings.reduced === null) return null
  const { networks, edge, epochs, ownEpochs, batch, optimiser, learningRate } = settings
  const of = fullSettings.networks.length + 1
  return {
    networks: networks.length + 1,
    of,
    edge,
    epochs,
    ownEpochs: { ...ownEpochs },
    batch,
    optimiser,
    learningRate,
  }
}

/** A table names the vote with its number of networks: "max-voting of 6". */
function byWhom<Row extends { network: string }>(row: Row): Row & { voters: number | null } {
  const voters = /^max-voting of (\d+)$/.exec(row.network)?.[1]
  return voters === undefined ? { ...row, voters: null } : { ...row, network: 'max-voting', voters: Number(voters) }
}

const resultsIn = async (folder: string): Promise<number> =>
  (await readdir(join(folder, 'results')).catch(() => [])).filter((name) => name.endsWith('.json')).length
