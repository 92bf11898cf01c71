import { readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import type { LayersModel } from '@tensorflow/tfjs-node'
import { ConcordError, messageOf } from '../../domain/error.ts'
import type { Network } from '../networks/network.ts'
import { decodeArrays } from '../safetensors.ts'
import type { NamedArray } from '../safetensors.ts'
import { readKeras } from './keras.ts'
import { fitting, slotsOf, stored } from './layer-weights.ts'
import type { Slot, StoredArray } from './layer-weights.ts'
import { checkNothingElse, fromTorch, ignoredTorch, torchPlace } from './torchvision.ts'

/** Weights as a file has them, in the layout of the network. */
interface Source {
  /** The array for a slot, or what is wrong with it. */
  of(slot: Slot): { shape: number[]; read(): Float32Array }
  /** Outputs of the last layer in the file. */
  classes(): number
  /** Refuses what is left over. */
  finish(used: Slot[]): void
  close(): void
}

export interface OpenWeights {
  /** Outputs of the file's last layer. */
  classes: number
  /**
   * The arrays by the network's own names.
   * @param head False leaves the last dense layer out: it is replaced for other classes.
   * @throws ConcordError `weights-wrong` naming layer and shape, `weights-broken`.
   */
  arraysFor(model: LayersModel, options?: { head: boolean }): Map<string, NamedArray>
  close(): void
}

/**
 * Opens a weights file: Concord's own (safetensors), Keras' `.h5` or torchvision's safetensors, as the network has them.
 * @throws ConcordError `weights-missing`, `weights-broken`, `weights-wrong`.
 */
export async function openWeights(network: Network, path: string): Promise<OpenWeights> {
  const source = await sourceOf(network, path)
  try {
    return {
      classes: source.classes(),
      arraysFor(model, { head } = { head: true }) {
        const slots = slotsOf(model)
        const arrays = new Map<string, NamedArray>()
        for (const slot of slots) {
          if (!head && slot.layer === 'logits') continue
          arrays.set(slot.name, { shape: slot.shape, data: source.of(slot).read() })
        }
        source.finish(slots)
        return arrays
      },
      close: () => source.close(),
    }
  } catch (error) {
    source.close()
    throw error
  }
}

async function sourceOf(network: Network, path: string): Promise<Source> {
  let start: Buffer
  try {
    start = readFileSync(path)
  } catch (error) {
    throw new ConcordError('weights-missing', `${path} could not be read (${messageOf(error)}).`)
  }
  if (start.toString('latin1', 1, 4) === 'HDF') return kerasSource(network, path)
  const { arrays } = decodeArrays(start, basename(path), ignoredTorch)
  const entries = new Map([...arrays].map(([name, array]) => [name, stored(array)]))
  return entries.has('logits/kernel') ? ownSource(network, path, entries) : torchSource(network, path, entries)
}

function ownSource({ title }: Network, path: string, entries: Map<string, StoredArray>): Source {
  const file = basename(path)
  return {
    of: (slot) => fitting(entries.get(slot.name), slot, { file, title, layer: slot.layer }),
    classes: () => entries.get('logits/kernel')!.shape[1]!,
    finish: (slots) => checkNothingElse(entries.keys(), new Set(slots.map((slot) => slot.name)), file, title),
    close: () => undefined,
  }
}

function torchSource(network: Network, path: string, entries: Map<string, StoredArray>): Source {
  const file = basename(path)
  const { name, title } = network
  if (network.published !== 'torchvision') throw notOf(network, file)
  return {
    of(slot) {
      const place = torchPlace(name, slot)
      const found = fitting(entries.get(place.name), slot, { file, title, ...place })
      return { shape: slot.shape, read: () => fromTorch(found) }
    },
    classes() {
      const bias: Slot = { name: '', layer: 'logits', place: 1, role: 'bias', shape: [0] }
      const place = torchPlace(name, bias)
      const found = entries.get(place.name)
      return found?.shape[0] ?? fitting(undefined, bias, { file, title, ...place }).shape[0]!
    },
    finish(slots) {
      checkNothingElse(entries.keys(), new Set(slots.map((slot) => torchPlace(name, slot).name)), file, title)
    },
    close: () => undefined,
  }
}

async function kerasSource(network: Network, path: string): Promise<Source> {
  const file = basename(path)
  const { title } = network
  if (network.published !== 'keras') throw notOf(network, file)
  const { layers, close } = await readKeras(resolve(path))
  const inFile = (layer: string): string => (layer === 'logits' ? 'predictions' : layer)
  return {
    of: (slot) =>
      fitting(layers.get(inFile(slot.layer))?.[slot.place], slot, { file, title, layer: inFile(slot.layer) }),
    classes() {
      const bias = layers.get('predictions')?.[1]
      const slot: Slot = { name: '', layer: 'logits', place: 1, role: 'bias', shape: [0] }
      return bias?.shape[0] ?? fitting(undefined, slot, { file, title, layer: 'predictions' }).shape[0]!
    },
    finish: (slots) => checkNothingElse(layers.keys(), new Set(slots.map((slot) => inFile(slot.layer))), file, title),
    close,
  }
}

function notOf({ title, published }: Network, file: string): ConcordError {
  const read = {
    keras: 'Keras (.h5) or by Concord (.safetensors)',
    torchvision: 'torchvision (.safetensors) or by Concord (.safetensors)',
    none: 'Concord (.safetensors)',
  }[published ?? 'none']
  return new ConcordError('weights-wrong', `${title} takes weights written by ${read}; ${file} is none of these.`)
}
