import { readdirSync, readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { nativeBackend } from './layers/native.ts'
import type { Tf } from './networks/network.ts'
import type { Device, Versions } from './types.ts'

/** Where TensorFlow computes. */
export function deviceOf(tf: Tf): Device {
  if (nativeBackend(tf).isUsingGpuDevice) return { kind: 'gpu', name: cardName() ?? 'GPU' }
  return { kind: 'cpu', name: cpus().at(0)?.model.trim() || process.arch }
}

export function versionsOf(tf: Tf): Versions {
  return {
    tensorflow: nativeBackend(tf).binding.TF_Version,
    tensorflowJs: (tf.version as Record<string, string>)['tfjs-node'] ?? tf.version.tfjs,
    node: process.versions.node,
    electron: (process.versions as Partial<Record<string, string>>)['electron'] ?? null,
  }
}

/** The first card's name as NVIDIA's driver gives it. */
function cardName(): string | null {
  const folder = '/proc/driver/nvidia/gpus'
  try {
    const first = readdirSync(folder).sort()[0]
    const text = first ? readFileSync(`${folder}/${first}/information`, 'utf8') : ''
    return /^Model:\s*(.+)$/m.exec(text)?.[1]?.trim() ?? null
  } catch {
    return null
  }
}
