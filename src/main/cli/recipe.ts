import { defaultRecipe, recipe as recipeSchema, type Recipe } from '../../preload/contract/training.ts'
import { flag, text } from './arguments.ts'
import { checked } from './options.ts'

/** Options of the recipe, as parseArgs takes them. */
export const recipeOptions = {
  ...{ network: text, 'image-size': text, epochs: text, batch: text, patience: text, seed: text },
  ...{ optimiser: text, 'learning-rate': text, 'gradient-noise': text, loss: text, 'focal-gamma': text },
  ...{ imbalance: text, 'soft-labels': flag, pretrained: text, site: text },
  ...{ flips: flag, 'no-flips': flag, rotation: text, noise: text, intensity: text },
  ...{ 'validation-share': text, 'test-share': text, 'hold-out': text, region: text },
} as const

export const recipeUsage =
  '[--network walle2023] [--image-size 256] [--epochs 30] [--batch 8] [--patience 10] [--seed 1] ' +
  '[--optimiser adam|sgdm] [--learning-rate 0.001] [--gradient-noise 0.3] ' +
  '[--loss cross-entropy|focal|coral|squared-emd] [--focal-gamma 2] ' +
  '[--imbalance none|class-weights|balanced-batches] [--soft-labels] [--pretrained FILE] [--site tibia] ' +
  '[--no-flips] [--rotation 15] [--noise 0.01] [--intensity 0.1] [--validation-share 0.2] [--test-share 0.2] ' +
  '[--hold-out patients|date:2024-01-31|site:radius|fold:0/5] [--region as-study|whole|study|readers]'

type Values = { readonly [Name in keyof typeof recipeOptions]?: string | boolean }

/** The recipe that options make of the usual one. @throws ConcordError `bad-option`. */
export function recipeFrom(values: Values, base: Recipe = defaultRecipe): Recipe {
  const given = (name: keyof Values): string | undefined => values[name] as string | undefined
  const number = <Key extends string>(name: keyof Values, key: Key) =>
    (given(name) === undefined ? {} : { [key]: Number(given(name)) }) as Partial<Record<Key, number>>
  const word = <Key extends string>(name: keyof Values, key: Key) =>
    (given(name) === undefined ? {} : { [key]: given(name) }) as Partial<Record<Key, string>>
  const recipe = {
    ...base,
    ...{ ...word('network', 'network'), ...number('image-size', 'imageSize'), ...number('epochs', 'epochs') },
    ...{ ...number('batch', 'batch'), ...number('patience', 'patience'), ...number('seed', 'seed') },
    ...{ ...word('optimiser', 'optimiser'), ...number('learning-rate', 'learningRate') },
    ...{ ...number('gradient-noise', 'gradientNoise'), ...word('loss', 'loss') },
    ...{ ...number('focal-gamma', 'focalGamma'), ...word('imbalance', 'imbalance') },
    ...{ ...word('pretrained', 'pretrained'), ...word('site', 'site'), ...word('region', 'region') },
    ...{ ...number('validation-share', 'validationShare'), ...number('test-share', 'testShare') },
    ...(values['soft-labels'] === undefined ? {} : { softLabels: values['soft-labels'] }),
    ...(given('hold-out') === undefined ? {} : { holdOut: holdOutFrom(given('hold-out')!) }),
    augmentation: {
      ...base.augmentation,
      ...(values.flips ? { flips: true } : values['no-flips'] ? { flips: false } : {}),
      ...{ ...number('rotation', 'rotation'), ...number('noise', 'noise'), ...number('intensity', 'intensity') },
    },
  }
  return checked(recipeSchema, recipe, { holdOut: '--hold-out' })
}

/** `patients`, `date:2024-01-31`, `site:radius` or `fold:0/5`, folds counted from 0. */
function holdOutFrom(given: string): unknown {
  const [by, detail = ''] = given.split(':')
  if (by === 'date') return { by, from: detail }
  if (by === 'site') return { by, site: detail }
  const [fold, folds] = detail.split('/').map(Number)
  return by === 'fold' ? { by, fold, folds } : { by }
}
