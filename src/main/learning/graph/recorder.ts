import type { Tensor } from '@tensorflow/tfjs-node'
import type { Binding, NativeBackend, OpAttribute, OpOutput } from '../layers/native.ts'
import { sizeOf } from '../engine.ts'
import type { Attribute, GraphNode } from './saved-model.ts'

/**
 * Runs a computation once, operation by operation, and writes down the graph it walked: each operation that reaches the
 * native library becomes a node, each array from JavaScript a constant. The eager library thereby describes its own
 * step (layers, gradients, optimiser), and no second implementation of it has to be kept equal.
 *
 * What JavaScript decides while recording is frozen: shapes, branches and numbers. So a number that changes from step to
 * step must be fed, drawing a random number is an error, and so is reading a computed value.
 */
export interface Recording {
  nodes: GraphNode[]
  /** The node output that holds a tensor now. */
  sourceOf(tensor: Tensor): string
}

/**
 * @param prefix First part of every node's name.
 * @param known  Tensors that are not computed here, with the node output they come from: feeds and variables as read.
 */
export function record(
  backend: NativeBackend,
  prefix: string,
  known: ReadonlyMap<Tensor, string>,
  compute: () => void,
): Recording {
  const nodes: GraphNode[] = []
  const sources = new Map<number, string>()
  for (const [tensor, source] of known) sources.set(backend.getInputTensorIds([tensor])[0]!, source)
  const add = (op: string, inputs: string[], attributes: Record<string, Attribute>): string => {
    const name = `${prefix}/${nodes.length}`
    nodes.push({ name, op, inputs, attributes })
    return name
  }
  const constant = (shape: readonly number[], dtype: number, values: ArrayLike<unknown>): string => {
    const value: Attribute = { kind: 'tensor', dtype, shape: [...shape], content: bytesOf(values) }
    return add('Const', [], { dtype: { kind: 'type', value: dtype }, value })
  }
  const filled = (shape: readonly number[], dtype: number, value: ArrayLike<unknown>): string => {
    const inputs = [constant([shape.length], int32, Int32Array.from(shape)), constant([], dtype, value)]
    return add('Fill', inputs, { T: { kind: 'type', value: dtype }, index_type: { kind: 'type', value: int32 } })
  }
  const sourceOfId = (id: number): string => {
    const source = sources.get(id)
    if (source === undefined) throw new Error('The step uses a tensor made before it: feed it or make it in the step.')
    return source
  }

  const real = backend.binding
  const recording: Partial<Binding> = {
    createTensor(shape, dtype, values) {
      const id = real.createTensor(shape, dtype, values)
      const single = sizeOf(shape) >= large ? theOneValue(values) : null
      sources.set(id, single === null ? constant(shape, dtype, values) : filled(shape, dtype, single))
      return id
    },
    executeOp(op, attributes, ids, outputs) {
      const results = real.executeOp(op, attributes, ids, outputs)
      const name = add(op, ids.map(sourceOfId), { ...inferred(op, results), ...attributesOf(real, attributes) })
      results.forEach((result, index) => sources.set(result.id, index === 0 ? name : `${name}:${index}`))
      return results
    },
    tensorDataSync() {
      throw new Error('The step reads a computed value, which a graph cannot.')
    },
  }
  const { random } = Math
  try {
    // The native object's own properties cannot be replaced, but an object that inherits from it can hide them.
    backend.binding = Object.create(real, Object.getOwnPropertyDescriptors(recording)) as Binding
    Math.random = () => {
      throw new Error('The step draws a random number, which a graph would repeat in every step.')
    }
    compute()
  } finally {
    backend.binding = real
    Math.random = random
  }
  return { nodes, sourceOf: (tensor) => sourceOfId(backend.getInputTensorIds([tensor])[0]!) }
}

/** Attributes that tfjs-node leaves to the eager call to find out (kernels/ExpandDims.js) and a graph has to state. */
function inferred(op: string, results: OpOutput[]): Record<string, Attribute> {
  if (op !== 'ExpandDims') return {}
  return { T: { kind: 'type', value: results[0]!.dtype }, Tdim: { kind: 'type', value: int32 } }
}

/** TensorFlow's number for the type (types.proto, DT_INT32). */
const int32 = 3

/** Gradients of the library start from arrays of ones as large as the maps: kept as they are they would fill the graph. */
const large = 1024

/** The first value, where all are the same. */
function theOneValue(values: ArrayLike<unknown>): ArrayLike<unknown> | null {
  if (!ArrayBuffer.isView(values)) return null
  const numbers = values as unknown as Float32Array
  return numbers.every((value) => value === numbers[0]) ? numbers.slice(0, 1) : null
}

function bytesOf(values: ArrayLike<unknown>): Uint8Array {
  if (!ArrayBuffer.isView(values)) throw new Error('The step makes a tensor of text, which is not recorded.')
  // A copy: the array may be reused by whoever made it.
  return Uint8Array.from(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
}

function attributesOf(binding: Binding, attributes: OpAttribute[]): Record<string, Attribute> {
  return Object.fromEntries(attributes.map((attribute) => [attribute.name, attributeOf(binding, attribute)]))
}

/** The same cases as AssignOpAttr in the addon (tfjs_backend.cc). */
function attributeOf(binding: Binding, { name, type, value }: OpAttribute): Attribute {
  const list = Array.isArray(value)
  if (type === binding.TF_ATTR_TYPE) return { kind: 'type', value: value as number }
  if (type === binding.TF_ATTR_INT) {
    return list ? { kind: 'integers', value: value as number[] } : { kind: 'integer', value: value as number }
  }
  if (type === binding.TF_ATTR_FLOAT) {
    return list ? { kind: 'floats', value: value as number[] } : { kind: 'float', value: value as number }
  }
  if (type === binding.TF_ATTR_BOOL && !list) return { kind: 'boolean', value: value as boolean }
  if (type === binding.TF_ATTR_STRING) return { kind: 'text', value: value as string }
  if (type === binding.TF_ATTR_SHAPE) return { kind: 'shape', value: value as number[] }
  throw new Error(`The attribute ${name} has a kind that is not recorded.`)
}
