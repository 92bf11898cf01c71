import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { seriesPlan, variantNames } from '../../../src/preload/contract/series.ts'
import { defaultRecipe, recipe as contract, type Recipe } from '../../../src/preload/contract/training.ts'
import { networkOf, partsOf } from '../../../src/renderer/training/start/parts.ts'
import {
  ablationNetworks,
  choices,
  foldingIsRight,
  planOf,
  runsOf,
  usualFolding,
  type Folding,
  type Several,
} from '../../../src/renderer/training/start/plans.ts'
import { presetNames, presetOf, withPreset } from '../../../src/renderer/training/start/presets.ts'
import { aboutSplit, recipeFields, recipeIsRight } from '../../../src/renderer/training/start/recipe.ts'

describe('the recipe of a run', () => {
  it('starts out as one that the contract accepts', () => {
    expect(contract.safeParse(defaultRecipe).success).toBe(true)
    expect(recipeIsRight(defaultRecipe)).toBe(true)
  })

  it('has the limits of the contract in every field', () => {
    for (const { name, min, max } of recipeFields)
      for (const [value, good] of [
        [min, true],
        [max, true],
        [max * 2 + 1, false],
        [-1, false],
        [Number.NaN, false],
      ] as const) {
        const changed = { ...defaultRecipe, testShare: 0, [name]: value }
        expect([name, value, contract.safeParse(changed).success]).toEqual([name, value, good])
        expect([name, value, recipeIsRight(changed)]).toEqual([name, value, good])
      }
  })

  it('leaves something to train on', () => {
    expect(recipeIsRight({ ...defaultRecipe, validationShare: 0.5, testShare: 0.5 })).toBe(false)
  })

  it('shares out all labels', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 5000 }),
        fc.double({ min: 0.05, max: 0.5, noNaN: true }),
        (labels, share) => {
          const { train, validation, test } = aboutSplit(labels, {
            ...defaultRecipe,
            validationShare: share,
            testShare: 0.3,
          })
          expect(train + validation + test).toBe(labels)
        },
      ),
    )
  })
})

describe('presets', () => {
  it.each(presetNames)('%s is a recipe that the contract accepts, in the network’s own picture', (name) => {
    const preset = withPreset(defaultRecipe, name)
    expect(contract.safeParse(preset).success).toBe(true)
    expect(recipeIsRight(preset)).toBe(true)
    expect(preset.imageSize).toBe({ walle2023: 512, cbam: 512, resnet50: 224 }[preset.network])
    expect(presetOf(preset)).toBe(name)
  })

  it('leave seed, split and site alone, and are recognised until something is changed', () => {
    const own = { ...defaultRecipe, seed: 9, testShare: 0.3, site: 'radius' as const }
    const chosen = withPreset(own, 'paper2021')
    expect(chosen).toMatchObject({ seed: 9, testShare: 0.3, site: 'radius', optimiser: 'sgdm', learningRate: 1e-4 })
    expect(presetOf({ ...chosen, batch: 8 })).toBeNull()
    // One preset leaves nothing of another behind.
    expect(presetOf(withPreset(chosen, 'thesis2023'))).toBe('thesis2023')
  })
})

describe('the parts of the proposal', () => {
  it('name every variant there is, and are read from its name', () => {
    const either = [true, false]
    const names = either.flatMap((batchNorm) =>
      either.flatMap((elu) =>
        either.flatMap((channelAttention) =>
          either.map((spatialAttention) => networkOf({ batchNorm, elu, channelAttention, spatialAttention })),
        ),
      ),
    )
    expect(new Set(names).size).toBe(16)
    for (const name of names) expect(networkOf(partsOf(name)!)).toBe(name)
    // Names as the learner has them (tests/unit/learning/networks.test.ts).
    expect(names).toEqual(expect.arrayContaining(['cbam', 'cbam-elu-no-bn-no-spatial', 'cbam-no-bn-no-attention']))
    expect(partsOf('walle2023')).toBeNull()
  })

  it('are switched one by one in the ablation', () => {
    // The same list as the learner's (tests/unit/learning/networks.test.ts).
    expect(ablationNetworks.join(' ')).toBe(
      'cbam cbam-elu-no-bn cbam-no-bn cbam-elu cbam-no-channel cbam-no-spatial cbam-no-attention cbam-no-bn-no-attention',
    )
  })
})

describe('several runs', () => {
  const plan = (several: Several, folding: Partial<Folding> = {}, sites: Recipe['site'][] = []) =>
    planOf(several, defaultRecipe, { ...usualFolding, ...folding }, sites)
  it('are as many as the page says', () => {
    expect(plan('one')).toBeNull()
    expect(runsOf(null)).toBe(1)
    expect(runsOf(plan('folds'))).toBe(5)
    expect(runsOf(plan('ablation'))).toBe(8)
    expect(plan('sites', {}, ['tibia', 'radius'])?.variants.map(({ site }) => site)).toEqual(['tibia', 'radius'])
  })

  it.each(choices)('tune a choice inside each fold: %s', (choice) => {
    const nested = plan('nested', { folds: 4, inner: 2, choice })!
    expect(seriesPlan.parse(nested)).toEqual(nested)
    expect(nested).toMatchObject({ folds: 4, inner: 2 })
    // Recipes of one seed and site that differ in one thing, each of which has a name of its own.
    const names = variantNames(nested.variants)
    expect(new Set(names).size).toBe(nested.variants.length)
    expect(new Set(nested.variants.map(({ seed, site }) => `${seed} ${site}`)).size).toBe(1)
    expect(nested.variants.length).toBeGreaterThan(2)
    expect(runsOf(nested)).toBe(4 * (2 * nested.variants.length + 1))
  })

  it('are not begun with folds that the program does not take', () => {
    expect(foldingIsRight(usualFolding)).toBe(true)
    for (const wrong of [{ folds: 1 }, { folds: 21 }, { folds: 2.5 }, { inner: 1 }, { inner: 11 }, { inner: NaN }])
      expect(foldingIsRight({ ...usualFolding, ...wrong })).toBe(false)
  })
})
