import type { Tensor, Variable } from '@tensorflow/tfjs-node'
import type { Tf } from './networks/network.ts'
import type { NamedArray } from './safetensors.ts'

/**
 * A computation over the variables of a run: `compute` takes the fed tensors, may assign variables, and returns
 * tensors. It runs inside a `tidy` and must depend on nothing but its feeds and the variables.
 */
export interface Program {
  name: string
  /** Shapes of the fed float32 tensors. */
  feeds: number[][]
  compute(feeds: Tensor[]): Tensor[]
}

/** The variables of a run by name: weights, running averages, the optimiser's slots. */
export type Variables = ReadonlyMap<string, Variable>

/** Runs programs, either way with the same result to rounding. */
export interface Engine {
  kind: 'graph' | 'eager'
  /** Feeds the arrays in order and returns the outputs' values. */
  run(program: Program, feeds: Float32Array[]): Float32Array[]
  /** Values of all variables now. */
  read(): Map<string, NamedArray>
  /** Sets the named variables; shapes must fit. */
  write(values: ReadonlyMap<string, NamedArray>): void
  dispose(): void
}

/**
 * `tidy` for work that ends in arrays: the library's own walks through what it is given back, value by value, in search of
 * tensors, which takes minutes for the weights of a large network and ends in an error beyond 16 million of them.
 */
export function tidied(tf: Tf, work: () => Float32Array[]): Float32Array[] {
  let arrays: Float32Array[] = []
  tf.tidy(() => {
    arrays = work()
  })
  return arrays
}

/** @throws RangeError where a fed array has not the size of its shape: the native library does not look. */
export function checkFeeds(program: Program, feeds: Float32Array[]): void {
  const fits =
    program.feeds.length === feeds.length && program.feeds.every((shape, i) => sizeOf(shape) === feeds[i]!.length)
  if (!fits) throw new RangeError(`The program ${program.name} was fed arrays of other sizes than it takes.`)
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, edge) => size * edge, 1)
