import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { ConcordError } from '../domain/error.ts'
import { temperatures } from '../domain/evaluation/calibration.ts'
import { draftOf } from '../files/drafts.ts'
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
  /**
   * What a scan's probabilities (the mean over its slices) are scaled by before people get them: p^(1/temperature), to sum 1. Null or not
   * there: they stay as they are. The slices' own are never scaled.
   */
  temperature?: number | null
}

/** A model made of others: what each says becomes one by the rule (domain/evaluation/ensemble.ts). */
export interface EnsembleDescription {
  rule: 'mean' | 'majority'
  classes: number[]
  /** Content addresses of the networks, in order. */
  members: string[]
  /**
   * What the combined probabilities are scaled by, the networks' own being combined unscaled; null leaves them. Where it is not there, each
   * network's are scaled by its own temperature before they are combined.
   */
  temperature?: number | null
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

const ensembleFormat = 'concord-ensemble-1'

/** In the order in which their digests make the address. */
export const networkFiles = ['weights.safetensors', 'model.json', 'card.json'] as const
export const ensembleFiles = ['model.json', 'card.json'] as const

/** A model with the file of its weights (TrainResult.weightsPath). */
export type ModelToSave = ModelDescription & { weightsPath: string; card: ModelCard }

/**
 * Stores a model in `root` under the SHA-256 of its content; its card gains the weights' own digest. The same content is stored once; nothing is overwritten.
 * @throws ConcordError `disk-full`, `file-not-written`, `weights-broken`.
 */
export function saveModel(
  root: string,
  { weightsPath, card, ...description }: ModelToSave,
): { sha256: string; folder: string } {
  const weights = readFileSync(weightsPath)
  decodeArrays(weights, weightsPath)
  // The model's address is of its card too, which says when it was made: two trainings alike have one digest of weights.
  const own = { ...card, weights: { sha256: createHash('sha256').update(weights).digest('hex') } }
  const contents = [weights, Buffer.from(json({ format, ...description })), Buffer.from(json(own))]
  return storeFiles(root, new Map(networkFiles.map((name, index) => [name, contents[index]!])))
}

/** Stores a model that is made of others. Errors as `saveModel`. */
export function saveEnsemble(
  root: string,
  { card, ...description }: EnsembleDescription & { card: ModelCard },
): { sha256: string; folder: string } {
  const contents = [Buffer.from(json({ format: ensembleFormat, ...description })), Buffer.from(json(card))]
  return storeFiles(root, new Map(ensembleFiles.map((name, index) => [name, contents[index]!])))
}

/** Puts files into a folder named by their content, as a whole or not at all; what is there already stays. */
export function storeFiles(root: string, files: ReadonlyMap<string, Buffer>): { sha256: string; folder: string } {
  const sha256 = addressOf(files)
  const folder = join(root, sha256)
  if (existsSync(folder)) return { sha256, folder }
  const draft = draftOf(folder)
  try {
    mkdirSync(draft, { recursive: true })
    for (const [name, content] of files) writeWhole(join(draft, name), content)
    renameSync(draft, folder)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    throw error instanceof ConcordError ? error : writeFailure(folder, error)
  }
  return { sha256, folder }
}

/**
 * The files of a stored model, checked against its content address.
 * @throws ConcordError `model-missing`, `model-changed`.
 */
export function readFiles(folder: string, sha256: string): Map<string, Buffer> {
  const names = existsSync(join(folder, networkFiles[0])) ? networkFiles : ensembleFiles
  const files = new Map(names.map((name) => [name, readOne(folder, name)]))
  if (addressOf(files) !== sha256) throw changed()
  return files
}

/** The description of a network or of an ensemble, as it is in a model's `model.json`. Throws `model-foreign`. */
export function describedIn(
  text: Buffer,
): ({ kind: 'network' } & ModelDescription) | ({ kind: 'ensemble' } & EnsembleDescription) {
  try {
    const { format: found, ...rest } = JSON.parse(text.toString()) as { format: unknown; temperature?: unknown }
    if (!isTemperature(rest.temperature)) throw foreign()
    if (found === format) return { kind: 'network', ...(rest as ModelDescription) }
    if (found === ensembleFormat) return { kind: 'ensemble', ...(rest as EnsembleDescription) }
  } catch {
    // Not even JSON: the same answer.
  }
  throw foreign()
}

const isTemperature = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === 'number' && value >= temperatures.least && value <= temperatures.most)

/** What a stored model is made of: without its weights, and without checking them. Throws `model-missing`, `model-foreign`. */
export const readDescription = (folder: string) => describedIn(readOne(folder, 'model.json'))

/** A stored model's card alone, without checking the rest. Throws `model-missing`, `model-foreign`. */
export function readCard(folder: string): ModelCard {
  const text = readOne(folder, 'card.json')
  try {
    return JSON.parse(text.toString()) as ModelCard
  } catch {
    throw foreign()
  }
}

function readOne(folder: string, name: string): Buffer {
  try {
    return readFileSync(join(folder, name))
  } catch {
    throw new ConcordError('model-missing', `The model's file ${name} is not there: import the model again.`)
  }
}

const changed = (): ConcordError =>
  new ConcordError('model-changed', "The model's files were changed or cut off: import the model again.")
const foreign = (): ConcordError =>
  new ConcordError('model-foreign', 'The folder does not hold a Concord model of this version.')

/**
 * Reads a model and makes sure that it is the one asked for.
 * @param sha256 Its content address; the folder's name where not given.
 * @throws ConcordError `model-missing`, `model-changed` (truncated, edited or another), `model-foreign`.
 */
export function loadModel(folder: string, sha256: string = basename(folder)): Model {
  const files = new Map(networkFiles.map((name) => [name, readOne(folder, name)]))
  if (addressOf(files) !== sha256) throw changed()
  const description = describedIn(files.get('model.json')!)
  if (description.kind === 'ensemble') throw foreign()
  const { kind: _, ...rest } = description
  try {
    const { arrays } = decodeArrays(files.get('weights.safetensors')!, 'The model')
    const card = JSON.parse(files.get('card.json')!.toString()) as ModelCard
    return { sha256, description: rest, card, weights: arrays }
  } catch {
    throw foreign()
  }
}

/** SHA-256 over the files' own digests with their names, as `sha256sum` prints them. */
export function addressOf(files: ReadonlyMap<string, Buffer>): string {
  const digest = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex')
  return digest([...files].map(([name, content]) => `${digest(content)}  ${name}\n`).join(''))
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
