export interface Wheel {
  requirement: string
  file: string
  sha256: string
  bytes: number
}

/** A package of CUDA libraries; `part` is its folder below `nvidia/`. */
export interface CudaWheel extends Wheel {
  part: string
}

export interface Progress {
  step: 'download' | 'verify' | 'unpack' | 'compile' | 'install'
  what: string
  done: number
  total: number
}

export interface TensorflowWheel extends Wheel {
  cuda: CudaWheel[]
}

export const wheels: { cpu: TensorflowWheel; gpu: TensorflowWheel }
export const libraries: string[]
export function selectedWheel(env?: Record<string, string | undefined>): TensorflowWheel
export function unpackedName(wheel: Wheel): string
export function unpackWheel(wheel: Wheel, cache: string, onProgress: (progress: Progress) => void): Promise<string>
