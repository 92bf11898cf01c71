import type * as Tensorflow from '@tensorflow/tfjs-node'

export type Head = 'softmax' | 'coral'

/** The library, handed to whoever needs it: only the learner's thread loads it. */
export type Tf = typeof Tensorflow

export interface NetworkShape {
  /** Height, width, channels. */
  inputShape: [number, number, number]
  /** Outputs of the last layer. */
  classes: number
  /** `coral` ends in ordered questions instead of one probability a class (layers/coral.ts); softmax where not given. */
  head?: Head
  /** Initial weights follow from it; null where they are written afterwards, and start as zero. */
  seed: number | null
}

/** A network that can be chosen by name. */
export interface Network {
  name: string
  title: string
  /** The picture it was made for: its edge in pixels, and the channels of what it is fed as it is. */
  input: { edge: number; channels: 1 | 3 }
  /** Smallest edge that the pooling leaves something of. */
  smallest: number
  /** The library whose weights files it reads beside Concord's own. */
  published?: 'keras' | 'torchvision'
  /** The network of the list that this one is a variant of: it can be chosen by name, but is not listed. */
  variantOf?: string
  /** Where it comes from and what it is, in one or two sentences. */
  describe(): string
  /**
   * The layers with initial weights. The output is the layer `probabilities`, fed by the layer `logits` (head.ts): training
   * works on the logits, where the loss is exact. Networks of three channels also take grey slices of 0 to 1 (one
   * channel) and turn them into what their published weights were learned on.
   */
  build(tf: Tf, shape: NetworkShape): Tensorflow.LayersModel
}
