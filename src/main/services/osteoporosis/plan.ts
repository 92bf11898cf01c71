import type { SetName } from '../../domain/augmentation-sets.ts'

/** `leaky`: augmented, shuffled, split, as in the 2021 paper. `honest`: split by patient first, then augmented. */
export type Protocol = 'leaky' | 'honest'
export const protocols: readonly Protocol[] = ['leaky', 'honest']

/** What the batch's trainings have in common. */
export interface Settings {
  /** Shown on every table; null for the paper's own settings. */
  reduced: string | null
  /** The networks of Table 1, by name; the last of Tables 5 and 6 is `scratch`. */
  networks: readonly string[]
  scratch: string
  /** Edge of the pictures in pixels; null: each network's own. */
  edge: number | null
  epochs: number
  batch: number
  optimiser: 'sgdm' | 'adam'
  learningRate: number
  /** Networks that are given another number of epochs. */
  ownEpochs: Readonly<Record<string, number>>
}

export const epochsOf = ({ epochs, ownEpochs }: Settings, network: string): number => ownEpochs[network] ?? epochs

/** Table 2 of the paper: SGDM, 0.0001, 20 epochs, five pictures a step. */
export const fullSettings: Settings = {
  reduced: null,
  networks: ['alexnet', 'googlenet', 'resnet50', 'mobilenetv2', 'inceptionv3'],
  scratch: 'scratch4',
  edge: null,
  epochs: 20,
  batch: 5,
  optimiser: 'sgdm',
  learningRate: 1e-4,
  ownEpochs: {},
}

/**
 * Minutes on two cores. Without published weights 1e-4 by SGDM learns nothing in so few steps: hence Adam. The network from
 * scratch takes a fifth of GoogLeNet's time for a picture and is given the more epochs; both were chosen on heels of
 * another seed than those reported.
 */
export const reducedSettings: Settings = {
  reduced:
    'two networks of six, pictures of 48 x 48, 3 epochs (Four convolutions: 24), 16 pictures a step, Adam 0.001, no pretrained weights',
  networks: ['googlenet'],
  scratch: 'scratch4',
  edge: 48,
  epochs: 3,
  ownEpochs: { scratch4: 24 },
  batch: 16,
  optimiser: 'adam',
  learningRate: 1e-3,
}

/** One network to train. Names of experiments as in the paper's sections 3.1 to 3.7. */
export interface Training {
  /** Unique in the batch and usable as a file name. */
  id: string
  experiment: 'E1' | 'E2' | 'E3' | 'E4' | 'E5' | 'E7'
  protocol: Protocol
  network: string
  set: SetName
  /** Of three in E7; null for the 80/20 split. */
  fold: number | null
}

const sets = { E1: 'N', E2: 'A', E3: 'B', E4: 'C' } as const

/**
 * Every training of the batch. E6, max-voting, needs none of its own: it takes the votes of E4's and E5's networks. Both
 * protocols of a table follow one another, so that a batch stopped early has pairs to compare.
 */
export function trainingsOf({ networks, scratch }: Settings): Training[] {
  const pairs = (training: Omit<Training, 'id' | 'protocol'>): Training[] =>
    protocols.map((protocol) => {
      const { experiment, network, fold } = training
      const id = [experiment, protocol, network, ...(fold === null ? [] : [`fold${fold + 1}`])].join('-')
      return { id, protocol, ...training }
    })
  const held = (['E1', 'E2', 'E3', 'E4'] as const).flatMap((experiment) =>
    networks.flatMap((network) => pairs({ experiment, network, set: sets[experiment], fold: null })),
  )
  const folds = [0, 1, 2].flatMap((fold) =>
    [...networks, scratch].flatMap((network) => pairs({ experiment: 'E7', network, set: 'C', fold })),
  )
  return [...held, ...pairs({ experiment: 'E5', network: scratch, set: 'C', fold: null }), ...folds]
}
