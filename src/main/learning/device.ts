import { cpus } from 'node:os'
import type { Tensorflow } from './tensorflow.ts'
import type { Device, Versions } from './types.ts'

/** Where TensorFlow computes. */
export function deviceOf({ device }: Pick<Tensorflow, 'device'>): Device {
  const [kind, ...card] = device.split(' ')
  if (kind === 'GPU') return { kind: 'gpu', name: card.join(' ') || 'GPU' }
  return { kind: 'cpu', name: cpus().at(0)?.model.trim() || process.arch }
}

export function versionsOf({ tf, version }: Pick<Tensorflow, 'tf' | 'version'>): Versions {
  return {
    tensorflow: version,
    tensorflowJs: (tf.version as Partial<Record<string, string>>)['tfjs-node'] ?? tf.version.tfjs,
    node: process.versions.node,
    electron: (process.versions as Partial<Record<string, string>>)['electron'] ?? null,
  }
}
