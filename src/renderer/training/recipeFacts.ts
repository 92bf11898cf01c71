import type { HoldOut, Recipe } from '../../preload/contract/training.ts'
import { numberFormat } from '../format/intl.ts'
import { networkTitle } from './networkTitle.ts'

type Translate = (key: string, named?: Record<string, unknown>) => string

/** A line of a table of facts, in the person's words; `key` is the recipe's own. */
export interface Fact {
  key: string
  name: string
  value: string
}

/** Every line of a recipe, named as the form names its field: what a network was trained by, and nothing left out. */
export function recipeFacts(recipe: Recipe, t: Translate, language: string): Fact[] {
  const number = (value: number): string => numberFormat(language, { maximumSignificantDigits: 6 }).format(value)
  const yesNo = (on: boolean): string => t(on ? 'common.yes' : 'common.no')
  const { augmentation, holdOut } = recipe
  const field = (key: 'imageSize' | 'epochs' | 'batch' | 'learningRate' | 'patience' | 'seed' | 'validationShare') => ({
    ...{ key, name: t(`network.recipe.${key}`), value: number(recipe[key]) },
  })
  const more = (key: string, value: string): Fact => ({ key, name: t(`recipe.${key}`), value })
  return [
    more('network', networkTitle(recipe.network, t)),
    ...(['imageSize', 'epochs', 'patience', 'batch'] as const).map(field),
    more('optimiser', t(`recipe.optimisers.${recipe.optimiser}`)),
    field('learningRate'),
    more('gradientNoise', number(recipe.gradientNoise)),
    more('loss', t(`recipe.losses.${recipe.loss}`)),
    ...(recipe.loss === 'focal' ? [more('focalGamma', number(recipe.focalGamma))] : []),
    more('imbalance', t(`recipe.imbalances.${recipe.imbalance}`)),
    more('softLabels', yesNo(recipe.softLabels)),
    more('flips', yesNo(augmentation.flips)),
    more('rotation', `${number(augmentation.rotation)}°`),
    more('noise', number(augmentation.noise)),
    more('intensity', number(augmentation.intensity)),
    more('pretrained', recipe.pretrained ?? t('recipe.pretrainedNone')),
    more('site', t(`recipe.sites.${recipe.site ?? 'mixed'}`)),
    more('holdOut', tested(holdOut)),
    field('validationShare'),
    ...(holdOut.by === 'patients'
      ? [{ key: 'testShare', name: t('network.recipe.testShare'), value: number(recipe.testShare) }]
      : []),
    field('seed'),
  ]

  function tested(by: HoldOut): string {
    if (by.by === 'fold') return t('recipe.foldOf', { fold: by.fold + 1, folds: by.folds })
    const how = t(`recipe.holdOuts.${by.by}`)
    if (by.by === 'date') return `${how}: ${by.from}`
    return by.by === 'site' ? `${how}: ${t(`recipe.sites.${by.site}`)}` : how
  }
}

const products: Readonly<Record<string, string>> = {
  ...{ tensorflow: 'TensorFlow', tensorflowJs: 'TensorFlow.js', node: 'Node', electron: 'Electron' },
}

/** The libraries that a network was trained with, by their own names. */
export const versionsText = (versions: Readonly<Record<string, string>>): string =>
  Object.entries(versions)
    .map(([name, version]) => `${products[name] ?? name} ${version}`)
    .join(', ')
