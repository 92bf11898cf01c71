import { createI18n } from 'vue-i18n'
import { describe, expect, it } from 'vitest'
import type { Experiment } from '../../../src/preload/contract/experiments.ts'
import type { Model } from '../../../src/preload/contract/models.ts'
import { defaultRecipe, type Recipe } from '../../../src/preload/contract/training.ts'
import { de } from '../../../src/renderer/locales/de.ts'
import { en } from '../../../src/renderer/locales/en.ts'
import { jobDetail } from '../../../src/renderer/shell/jobDetail.ts'
import { grader, reducedNote } from '../../../src/renderer/training/experiment/words.ts'
import { networkTitle } from '../../../src/renderer/training/networkTitle.ts'
import { differing } from '../../../src/renderer/training/compare/recipes.ts'
import { modelTitle } from '../../../src/renderer/training/modelTitle.ts'
import { recipeFacts } from '../../../src/renderer/training/recipeFacts.ts'
import { networkOf } from '../../../src/renderer/training/start/parts.ts'

const wordsOf = (locale: 'en' | 'de') => {
  const { t } = createI18n({ legacy: false, locale, messages: { en, de } }).global
  return (key: string, named: Record<string, unknown> = {}, plural = 2): string => t(key, named, plural)
}
const [english, german] = [wordsOf('en'), wordsOf('de')]

describe('what networks are called', () => {
  it('is known of each that can be trained, and of no two the same', () => {
    const either = [true, false]
    const variants = either.flatMap((batchNorm) =>
      either.flatMap((elu) =>
        either.flatMap((channelAttention) =>
          either.map((spatialAttention) => networkOf({ batchNorm, elu, channelAttention, spatialAttention })),
        ),
      ),
    )
    // The learner's, as tests/unit/learning/networks.test.ts has them.
    const plain = ['walle2023', 'scratch4', 'alexnet', 'googlenet', 'resnet50', 'mobilenetv2', 'inceptionv3']
    const names = [...plain, ...variants]
    for (const t of [english, german]) {
      const titles = names.map((name) => networkTitle(name, t))
      expect(new Set(titles).size).toBe(names.length)
      expect(titles.filter((title) => /^[a-z]|recipe\./.test(title))).toEqual([])
    }
  })

  it('says of the proposal what was changed, and leaves a foreign name alone', () => {
    expect(networkTitle('cbam-elu-no-bn', english)).toBe('Proposal with ELU, without BN')
    expect(networkTitle('cbam-no-bn-no-attention', german)).toBe('Vorschlag ohne BN, ohne Aufmerksamkeit')
    expect(networkTitle('scratch4', german)).toBe('Vier Faltungen')
    expect(networkTitle('their-own', german)).toBe('their-own')
  })
})

describe('what models are called', () => {
  it('is in the person’s language where the program gave the name', () => {
    expect(modelTitle('scratch4 · Runde 1 · seed 2 · seed 7', german)).toBe(
      'Vier Faltungen · Runde 1 · seed 2 · Startwert 7',
    )
    expect(modelTitle('walle2023 · All · seed 1 ↻ 2026-11-22 06:00:00 UTC', english)).toBe(
      'Walle 2023 · All · seed 1 ↻ 2026-11-22 06:00:00 UTC',
    )
  })
  it.each(['Both', 'their-own · All · seed 1', 'scratch4 · All'])(
    'is left alone where a person gave it: %s',
    (name) => {
      expect(modelTitle(name, german)).toBe(name)
    },
  )
})

describe('a recipe in the person’s language', () => {
  const other: Recipe = {
    ...{ ...defaultRecipe, network: 'scratch4', optimiser: 'sgdm', learningRate: 0.0003, gradientNoise: 0.3 },
    ...{ loss: 'focal', imbalance: 'balanced-batches', softLabels: true, site: 'tibia', pretrained: 'w.h5' },
    ...{ imageSize: 64, epochs: 3, batch: 4, patience: 2, seed: 9, validationShare: 0.3 },
    augmentation: { flips: false, rotation: 10, noise: 0, intensity: 0.1 },
    holdOut: { by: 'fold', folds: 5, fold: 1 },
  }
  const model = (recipe: Recipe) =>
    ({
      recipe,
      labelSetName: 'All',
      parameters: 12_000,
      device: 'CPU',
      versions: { tensorflowJs: '4' },
    }) as unknown as Model

  it('has a line for every part of it, each in words and with its unit', () => {
    for (const [t, language] of [
      [english, 'en'],
      [german, 'de'],
    ] as const) {
      const facts = recipeFacts(other, t, language)
      // The parts of the augmentation stand for themselves; whose region is seen is a line of the card.
      const parts = Object.keys(other).filter((key) => !['augmentation', 'region', 'testShare'].includes(key))
      expect(facts.map(({ key }) => key).sort()).toEqual([...parts, ...Object.keys(other.augmentation)].sort())
      for (const { name, value } of facts) expect(`${name}${value}`).not.toMatch(/recipe\.|true|false|null/)
      const valueOf = (key: string) => facts.find((one) => one.key === key)?.value
      expect(valueOf('rotation')).toBe('10°')
      expect(valueOf('learningRate')).toBe(language === 'de' ? '0,0003' : '0.0003')
      expect(valueOf('imbalance')).toBe(language === 'de' ? 'Gleich oft im Stapel' : 'In every batch alike')
    }
  })

  it('says of two only what differs', () => {
    const lines = differing([model(defaultRecipe), model({ ...defaultRecipe, seed: 2 })], german, 'de')
    expect(lines).toEqual([{ name: 'Startwert', values: ['1', '2'] }])
  })
})

describe('an experiment in the person’s language', () => {
  const reduced: NonNullable<Experiment['reduced']> = {
    ...{ networks: 2, of: 6, edge: 48, epochs: 3, ownEpochs: { scratch4: 24 } },
    ...{ batch: 16, optimiser: 'adam', learningRate: 0.001 },
  }

  it('says what it has less of', () => {
    expect(reducedNote({ reduced }, english, 'en')).toBe(
      'Reduced: 2 networks of 6, pictures of 48 × 48, 3 epochs (Four convolutions: 24), 16 pictures a step, Adam 0.001, no published weights.',
    )
    expect(reducedNote({ reduced }, german, 'de')).toBe(
      'Verkleinert: 2 Netze von 6, Bilder von 48 × 48, 3 Epochen (Vier Faltungen: 24), 16 Bilder je Schritt, Adam 0,001, ohne veröffentlichte Gewichte.',
    )
    expect(reducedNote({ reduced: null }, german, 'de')).toBe('')
  })

  it('names the vote', () => {
    expect(grader({ network: 'max-voting', voters: 6 }, german)).toBe('Mehrheit der 6')
    expect(grader({ network: 'googlenet', voters: null }, german)).toBe('GoogLeNet')
  })
})

describe('what a job is at', () => {
  it.each([
    ['training', 'epoch 12 / 60', 'Epoch 12 of 60', 'Epoche 12 von 60'],
    ['training', 'preparing', 'Scans are being read', 'Scans werden gelesen'],
    ['inference', '2 / 3', '2 / 3', '2 / 3'],
    ['inference', 'predicting', '', ''],
    ['preview', 'epoch.isq', 'epoch.isq', 'epoch.isq'],
  ] as const)('%s: %s', (kind, detail, one, other) => {
    expect([jobDetail({ kind, detail }, english), jobDetail({ kind, detail }, german)]).toEqual([one, other])
  })
})
