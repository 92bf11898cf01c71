import type { Tensor, Variable } from '@tensorflow/tfjs-node'

/** Moves variables against their gradients, in a way that can be recorded: what changes from step to step is fed. */
export interface Optimiser {
  /** What it keeps beside the weights, zero at the start: part of a checkpoint. */
  slots: ReadonlyMap<string, Variable>
  /** Number of fed values, and those of step t (1 for the first). */
  feeds: number
  feed(step: number, learningRate: number): Float32Array
  /** Moves every variable against its gradient. `fed` is the tensor of `feed`. */
  apply(gradients: ReadonlyMap<string, Tensor>, fed: Tensor): void
}
