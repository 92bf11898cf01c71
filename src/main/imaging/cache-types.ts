import type { Voxels } from './volume.ts'

/** Types of voxels in a cached volume. */
export type StoredType = 'int16' | 'uint16' | 'uint8' | 'float32'

export function sampleTypeOf(voxels: Voxels): StoredType {
  if (voxels instanceof Int16Array) return 'int16'
  if (voxels instanceof Uint16Array) return 'uint16'
  return voxels instanceof Uint8Array ? 'uint8' : 'float32'
}

/** An empty array of `count` samples of a type. */
export function emptySamples(type: StoredType, count: number): Voxels {
  if (type === 'int16') return new Int16Array(count)
  if (type === 'uint16') return new Uint16Array(count)
  return type === 'uint8' ? new Uint8Array(count) : new Float32Array(count)
}
