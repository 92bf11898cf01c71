import { z } from 'zod'
import { nothing, route } from './route.ts'
import { id, path, seed, time } from './common.ts'

/** `leaky`: augmented, shuffled, split, as in the paper of 2021; only ever by this name. `honest`: split by patient first. */
export const protocol = z.enum(['leaky', 'honest'])
const trial = z.enum(['E1', 'E2', 'E3', 'E4', 'E5', 'E6', 'E7'])
const share = z.number().nullable()
/** Who graded: a network, or `max-voting` of that many. */
const graded = { network: z.string(), voters: z.int().nullable() }

/** One network (or their vote) under one protocol: the paper's Tables 3 to 6. */
export const experimentRow = z.object({
  experiment: trial,
  protocol,
  ...graded,
  /** Test pictures. */
  pictures: z.int(),
  /** Pictures on which as many networks said one as the other; of the vote alone. */
  ties: z.int().nullable(),
  tp: z.int(),
  tn: z.int(),
  fp: z.int(),
  fn: z.int(),
  acc: share,
  sn: share,
  sp: share,
})
export type ExperimentRow = z.infer<typeof experimentRow>

/** Accuracy under both protocols and their difference, its 95 % interval by patient; null until the experiment is done. */
export const experimentGap = z.object({
  experiment: trial,
  ...graded,
  leaky: z.number(),
  honest: z.number(),
  difference: z.number(),
  ci: z.tuple([z.number(), z.number()]).nullable(),
})
export type ExperimentGap = z.infer<typeof experimentGap>

/** Where some patients' pictures come to lie, as the experiment of this seed splits them. */
export const splitExample = z.object({
  protocol,
  patients: z.array(
    z.object({
      patient: z.string(),
      pictures: z.array(z.object({ from: z.string(), sharpened: z.boolean(), test: z.boolean() })),
    }),
  ),
  /** Patients with pictures on both sides, of all. */
  split: z.int(),
  all: z.int(),
})
export type SplitExample = z.infer<typeof splitExample>

/** The name of an experiment's folder. */
const experimentId = z.string().regex(/^(reduced|full)-\d{1,10}-(op|cn)$/)

export const experiment = z.object({
  id: experimentId,
  /** What was reduced, for every table; null for the paper's own recipe. */
  reduced: z
    .object({
      /** Networks that are trained, of those in the paper. */
      networks: z.int(),
      of: z.int(),
      /** Edge of the pictures in pixels; null: each network's own. */
      edge: z.int().nullable(),
      epochs: z.int(),
      /** Networks that are given another number of epochs. */
      ownEpochs: z.record(z.string(), z.int()),
      batch: z.int(),
      optimiser: z.enum(['sgdm', 'adam']),
      learningRate: z.number(),
    })
    .nullable(),
  seed,
  /** What max-voting calls a picture of equally many votes. */
  tie: z.enum(['OP', 'CN']),
  state: z.enum(['running', 'interrupted', 'done']),
  jobId: id.nullable(),
  /** Trainings. */
  done: z.int(),
  total: z.int(),
  startedAt: time,
  /** Seconds by the clock in all sittings; of one that was killed, or is under way, until it was last noted. */
  seconds: z.number(),
  rows: z.array(experimentRow),
  gaps: z.array(experimentGap),
})
export type Experiment = z.infer<typeof experiment>

const network = ['trainer', 'lead'] as const
const which = z.strictObject({ id: experimentId })

export const experiments = {
  /** The experiments of this workstation, the newest first. */
  list: route(network, nothing, z.array(experiment)),
  /** The limit that nobody can pass on these heels, the sets' sizes, and an example of both splits. */
  explained: route(
    network,
    nothing,
    z.object({
      bayesLimit: z.number(),
      sets: z.array(z.object({ set: z.enum(['N', 'A', 'B', 'C']), pictures: z.int() })),
      examples: z.array(splitExample),
    }),
  ),
  /** Asks for a folder of published weights. */
  chooseWeights: route(['trainer'], nothing, z.object({ path: path.nullable() })),
  /** Begins one, or goes on with the one of the same plan. Errors: `experiment-running`, `weights-missing` (as the job's). */
  start: route(
    ['trainer'],
    z.strictObject({ reduced: z.boolean(), seed, tie: z.enum(['OP', 'CN']), weights: path.nullable() }),
    experiment,
  ),
  resume: route(['trainer'], which, experiment),
  /** Stops it after the step it is at; what is done stays. */
  stop: route(['trainer'], which, experiment),
  /** Saves a table as CSV. */
  save: route(
    network,
    z.strictObject({ id: experimentId, table: z.enum(['figures', 'gaps']) }),
    z.object({ path: path.nullable(), rows: z.int().nullable() }),
  ),
}
