import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { defaultRecipe, recipe as contract } from '../../../src/preload/contract/training.ts'
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
