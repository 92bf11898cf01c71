import type { Tensor } from '@tensorflow/tfjs-node'
import type { Tf } from '../networks/network.ts'

/** An attribute as the binding takes it; `type` is one of its TF_ATTR_ numbers. */
export interface OpAttribute {
  name: string
  type: number
  value: unknown
}

/** What TensorFlow's C API gives to JavaScript. */
export interface Binding {
  TF_ATTR_STRING: number
  TF_ATTR_INT: number
  TF_ATTR_FLOAT: number
  TF_ATTR_BOOL: number
  TF_ATTR_TYPE: number
  TF_ATTR_SHAPE: number
  TF_FLOAT: number
  TF_INT32: number
  TF_BOOL: number
  TF_Version: string
  createTensor(shape: number[], dtype: number, values: ArrayLike<unknown>): number
  deleteTensor(id: number): void
  tensorDataSync(id: number): ArrayLike<unknown>
  executeOp(op: string, attributes: OpAttribute[], ids: number[], outputs: number): OpOutput[]
  deleteSavedModel(id: number): void
}

export interface OpOutput {
  id: number
  shape: number[]
  dtype: number
}

/** The part of tfjs-node's backend that is used below its public functions. */
export interface NativeBackend {
  binding: Binding
  isUsingGpuDevice: boolean
  getInputTensorIds(tensors: Tensor[]): number[]
  executeSingleOutput(op: string, attributes: OpAttribute[], inputs: Tensor[]): Tensor
  executeMultipleOutputs(op: string, attributes: OpAttribute[], inputs: Tensor[], outputs: number): Tensor[]
  loadSavedModelMetaGraph(path: string, tags: string): number
  deleteSavedModel(id: number): void
  runSavedModel(id: number, inputs: Tensor[], infos: { name: string }[], outputs: string[]): Tensor[]
}

export const nativeBackend = (tf: Tf): NativeBackend => tf.backend() as unknown as NativeBackend

/** The attribute T = float32 that nearly every operation needs. */
export const float32 = ({ binding }: NativeBackend): OpAttribute => ({
  name: 'T',
  type: binding.TF_ATTR_TYPE,
  value: binding.TF_FLOAT,
})
