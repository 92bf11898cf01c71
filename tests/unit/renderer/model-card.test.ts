import { describe, expect, it } from 'vitest'
import { partsOf, scansOf } from '../../../src/renderer/training/models/card.ts'

describe('what a card says', () => {
  const card = {
    program: { version: '1.2.3', commit: null },
    split: { seed: 1, by: 'patient', scans: { a: 'train', b: 'train', c: 'validation', d: 'test' } },
    weights: { sha256: 'f00' },
    reading: { readers: 'three' },
  }

  it('is read part by part, and what is missing or of another kind is left out', () => {
    const parts = partsOf(card)
    expect(parts).toMatchObject({ program: card.program, weights: card.weights })
    expect(parts.reading).toBeNull()
    expect(parts.pretrained).toBeNull()
    expect(scansOf(parts.split!)).toEqual({ train: 2, validation: 1, test: 1 })
    expect(Object.values(partsOf({})).every((part) => part === null)).toBe(true)
  })
})
