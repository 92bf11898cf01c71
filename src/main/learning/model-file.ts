import { createHash, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { ConcordError } from '../domain/error.ts'
import type { Head } from './networks/network.ts'
import { decodeArrays } from './safetensors.ts'
import type { NamedArray } from './safetensors.ts'
import type { Preprocessing } from './types.ts'
import { writeFailure, writeWhole } from './write-file.ts'

/** What it takes to use the weights. */
export interface ModelDescription {
  network: string
  /** Grades, ascending; output k is the probability of classes[k]. */
  classes: number[]
  preprocessing: Preprocessing
  /** The last layer; softmax where not given. */
  head?: Head
}

/**
 * Where a model comes from and what it is worth: label set with the digest of its votes, split, recipe with its seed,
 * versions, device, figures, intended use. Plain JSON, written once and shown as it is.
 */
export type ModelCard = Record<string, unknown>

/** A model without its weights. */
export interface ModelRecord {
  /** Content address: the folder's name. */
  sha256: string
  description: ModelDescription
  card: ModelCard
}

export interface Model extends ModelRecord {
  weights: Map<string, NamedArray>
}

const format = 'concord-model-1'

const files = ['weights.safetensors', 'model.json', 'card.json'] as const

/**
 * Stores a model in `root` under the SHA-256 of its content. The same content is stored once; nothing is overwritten.
 * @param model `weightsPath`: the weights a run ended with (TrainResult.weightsPath).
 * @throws ConcordError `disk-full`, `file-not-written`, `weights-broken`.
 */
export function saveModel(
  root: string,
  { weightsPath, card, ...description }: ModelDescription & { weightsPath: string; card: ModelCard },
): { sha256: string; folder: string } {
  const weights = readFileSync(weightsPath)
  decodeArrays(weights, weightsPath)
  const contents = [weights, Buffer.from(json({ format, ...description })), Buffer.from(json(card))]
  const sha256 = addressOf(contents)
  const folder = join(root, sha256)
  if (existsSync(folder)) return { sha256, folder }
  const draft = join(root, `.${randomUUID()}.part`)
  try {
    mkdirSync(draft, { recursive: true })
    files.forEach((name, index) => writeWhole(join(draft, name), contents[index]!))
    renameSync(draft, folder)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    throw error instanceof ConcordError ? error : writeFailure(folder, error)
  }
  return { sha256, folder }
}

/**
 * Reads a model and makes sure that it is the one asked for.
 * @param sha256 Its content address; the folder's name where not given.
 * @throws ConcordError `model-missing`, `model-changed` (truncated, edited or another), `model-foreign`.
 */
export function loadModel(folder: string, sha256: string = basename(folder)): Model {
  const contents = files.map((name) => {
    try {
      return readFileSync(join(folder, name))
    } catch {
      throw new ConcordError('model-missing', `The model's file ${name} is not there: import the model again.`)
    }
  })
  if (addressOf(contents) !== sha256) {
    throw new ConcordError('model-changed', "The model's files were changed or cut off: import the model again.")
  }
  const [weights, description, card] = contents as [Buffer, Buffer, Buffer]
  const foreign = new ConcordError('model-foreign', 'The folder does not hold a Concord model of this version.')
  try {
    const { format: found, ...rest } = JSON.parse(description.toString()) as ModelDescription & { format: unknown }
    if (found !== format) throw foreign
    const { arrays } = decodeArrays(weights, 'The model')
    return { sha256, description: rest, card: JSON.parse(card.toString()) as ModelCard, weights: arrays }
  } catch {
    throw foreign
  }
}

/** A stored model's description and card. Errors as `loadModel`. */
export function readModel(folder: string, sha256: string): ModelRecord {
  const { weights: _weights, ...record } = loadModel(folder, sha256)
  return record
}

/** SHA-256 over the files' own digests with their names, as `sha256sum` prints them. */
function addressOf(contents: Buffer[]): string {
  const digest = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex')
  return digest(files.map((name, index) => `${digest(contents[index]!)}  ${name}\n`).join(''))
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
