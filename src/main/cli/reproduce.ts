import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Model } from '../../preload/contract/models.ts'
import { recipe as recipeSchema, type Recipe } from '../../preload/contract/training.ts'
import { ConcordError } from '../domain/error.ts'
import type { Caller } from '../services/context.ts'
import type { Headless } from './program.ts'

type Card = Record<string, unknown>
const part = (card: Card, key: string): Card => (card[key] ?? {}) as Card

/** What two trainings have in common where their weights should be the same, in the order in which one looks for a difference. */
const compared = ['recipe', 'split', 'region', 'pretrained', 'versions', 'device', 'engine', 'program'] as const

export interface Reproduced {
  model: string
  again: string
  /** Bit for bit. */
  same: boolean
  weights: { before: string | null; after: string | null }
  /** Parts of the two cards that differ. */
  differs: string[]
  /** It was put out of use, since it is the first one over again. */
  retired: boolean
}

/**
 * Trains a network again from its card alone: the card's recipe on the label set that has the card's digest of votes. The run and its
 * model stay; the model's name says of which one it is trained again, and when. Weights are the same bit for bit on the same machine with the same versions.
 * @param retire Puts the second model out of use where its weights are the same bit for bit.
 * @param pretrained The file that the network started from, where the card names one; the run's own path where not given.
 * @throws ConcordError `card-incomplete`, `labels-missing`, `weights-other`, those of a training run.
 */
export async function reproduce(
  {
    services: { labels, models, training },
  }: { services: Pick<Headless['services'], 'labels' | 'models' | 'training'> },
  caller: Caller,
  model: Model,
  { pretrained, retire = false }: { pretrained?: string | undefined; retire?: boolean | undefined } = {},
): Promise<Reproduced> {
  const card = await models.card(caller, model.id)
  const recipe = await recipeOf(card, pretrained ?? model.recipe?.pretrained ?? null)
  const { name, rule, votesDigest } = part(card, 'labelSet')
  const sets = (await labels.list(caller, model.studyId)).filter(
    (one) => one.digest === votesDigest && one.rule === rule,
  )
  const set = sets.find((one) => one.name === name) ?? sets[0]
  if (!set)
    throw new ConcordError(
      'labels-missing',
      `This study has no label set of the votes that the card names (${String(name)}, ${String(votesDigest)}).`,
    )
  const { id } = await training.start(
    caller,
    { labelSetId: set.id, recipe },
    { reproduces: { name: model.name, sha256: model.sha256 } },
  )
  await training.finished(id)
  const run = await training.run(caller, id)
  if (run.error) throw new ConcordError(run.error.code, run.error.message)
  if (run.modelId === null) throw new ConcordError('cancelled', 'Cancelled.')
  const now = await models.card(caller, run.modelId)
  const weights = { before: digestIn(card), after: digestIn(now) }
  const differs = compared.filter((key) => !isDeepStrictEqual(card[key], now[key]))
  const sameLabels = part(card, 'labelSet')['labelsDigest'] === part(now, 'labelSet')['labelsDigest']
  const same = weights.before !== null && weights.before === weights.after
  const retired = same && retire
  if (retired)
    await models.retire(caller, { modelId: run.modelId, reason: `${model.name} (SHA-256 ${weights.before!})` })
  return {
    ...{ model: model.id, again: run.modelId, same, weights, retired },
    differs: [...(sameLabels ? [] : ['labels']), ...differs],
  }
}

const digestIn = (card: Card): string | null => (part(card, 'weights')['sha256'] as string | undefined) ?? null

/** The card's recipe, with the file of the weights it started from found again and found the same. */
async function recipeOf(card: Card, pretrained: string | null): Promise<Recipe> {
  const found = recipeSchema.safeParse(card['recipe'])
  if (!found.success)
    throw new ConcordError(
      'card-incomplete',
      'The card has no recipe of this version: it cannot be trained again from it.',
    )
  if (found.data.pretrained === null) return found.data
  const { file, sha256 } = part(card, 'pretrained') as { file?: string; sha256?: string | null }
  const content = pretrained === null ? null : await readFile(pretrained).catch(() => null)
  if (content === null || createHash('sha256').update(content).digest('hex') !== sha256)
    throw new ConcordError(
      'weights-other',
      `The network started from ${file ?? found.data.pretrained} (SHA-256 ${sha256 ?? 'not known'}): name that file with --pretrained.`,
    )
  return { ...found.data, pretrained }
}
