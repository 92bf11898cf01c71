import type * as Tensorflow from '@tensorflow/tfjs-node'

/** The library, handed to whoever needs it: only the learner's thread loads it. */
export type Tf = typeof Tensorflow

export interface NetworkShape {
  /** Height, width, channels. */
  inputShape: [number, number, number]
  /** Outputs of the last layer. */
  classes: number
  /** Initial weights follow from it. */
  seed: number
}

/** A network that can be chosen by name. */
export interface Network {
  name: string
  title: string
  /** Where it comes from and what it is, in one or two sentences. */
  describe(): string
  /**
   * The layers with initial weights. The output is the layer `probabilities` (softmax), fed by the layer `logits`: training
   * works on the logits, where the loss is exact.
   */
  build(tf: Tf, shape: NetworkShape): Tensorflow.LayersModel
}

/**
 * Initialisers in the order of the layers, each with a seed of its own: two layers of one shape never start equal.
 * Glorot uniform, Keras' default.
 */
export function glorot(tf: Tf, seed: number): () => ReturnType<Tf['initializers']['glorotUniform']> {
  let layer = 0
  return () => tf.initializers.glorotUniform({ seed: seed * 1009 + ++layer })
}
