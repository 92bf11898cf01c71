import { Message } from './protobuf.ts'

/** An attribute of a node; the kinds that appear in a training step. */
export type Attribute =
  | { kind: 'type' | 'integer' | 'float'; value: number }
  | { kind: 'boolean'; value: boolean }
  | { kind: 'text'; value: string }
  | { kind: 'shape'; value: number[] }
  | { kind: 'integers' | 'floats'; value: number[] }
  | { kind: 'tensor'; dtype: number; shape: number[]; content: Uint8Array }

/** One operation. Inputs are `node`, `node:output` or `^node` (must run before). */
export interface GraphNode {
  name: string
  op: string
  inputs: string[]
  attributes: Record<string, Attribute>
}

/**
 * Graph version of TensorFlow 2.9, the oldest the addon is built with: every later one reads it.
 * (tensorflow/core/public/version.h, TF_GRAPH_DEF_VERSION)
 */
const producer = 1087

/**
 * A SavedModel file (tensorflow/core/protobuf/saved_model.proto, meta_graph.proto; framework/graph.proto, node_def.proto,
 * attr_value.proto, tensor.proto) with one graph tagged `serve`. It has no variables folder: the graph's variables are
 * assigned after loading.
 */
export function encodeSavedModel(nodes: GraphNode[]): Uint8Array {
  const graph = new Message()
  for (const node of nodes) graph.bytes(1, encodeNode(node))
  graph.bytes(4, new Message().integer(1, producer))
  const metaGraph = new Message().bytes(1, new Message().bytes(4, 'serve')).bytes(2, graph)
  return new Message().integer(1, 1).bytes(2, metaGraph).encode()
}

function encodeNode({ name, op, inputs, attributes }: GraphNode): Message {
  const message = new Message().bytes(1, name).bytes(2, op)
  for (const input of inputs) message.bytes(3, input)
  for (const [key, attribute] of Object.entries(attributes)) message.entry(5, key, encodeAttribute(attribute))
  return message
}

function encodeAttribute(attribute: Attribute): Message {
  const message = new Message()
  switch (attribute.kind) {
    case 'text':
      return message.bytes(2, attribute.value)
    case 'integer':
      return message.integer(3, attribute.value)
    case 'float':
      return message.float(4, attribute.value)
    case 'boolean':
      return message.integer(5, attribute.value ? 1 : 0)
    case 'type':
      return message.integer(6, attribute.value)
    case 'shape':
      return message.bytes(7, encodeShape(attribute.value))
    case 'tensor':
      return message.bytes(8, encodeTensor(attribute.dtype, attribute.shape, attribute.content))
    case 'integers':
      return message.bytes(
        1,
        attribute.value.reduce((list, value) => list.integer(3, value), new Message()),
      )
    case 'floats':
      return message.bytes(
        1,
        attribute.value.reduce((list, value) => list.float(4, value), new Message()),
      )
  }
}

function encodeTensor(dtype: number, shape: number[], content: Uint8Array): Message {
  return new Message().integer(1, dtype).bytes(2, encodeShape(shape)).bytes(4, content)
}

function encodeShape(shape: number[]): Message {
  return shape.reduce((message, size) => message.bytes(2, new Message().integer(1, size)), new Message())
}
