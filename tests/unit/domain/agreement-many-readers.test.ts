import { expect, test } from 'vitest'
import {
  confusionCounts,
  pairCounts,
  raterPairs,
  ratingsFromTable,
  tabulate,
} from '../../../src/main/domain/agreement/index.ts'
import { randomFrom } from '../../../src/main/domain/random.ts'

const random = randomFrom('many readers')
const readers = 12
/** Of twelve readers some five grade each scan; many scans have votes alike. */
const votes = Array.from({ length: 400 }, (_, scan) =>
  Array.from({ length: readers }, (_, r) =>
    scan % 3 === 0 ? (r < 2 ? 1 : null) : random.uniform() < 0.4 ? 1 + random.integer(3) : null,
  ),
)
const ratings = ratingsFromTable(votes, [1, 2, 3], readers)
const table = tabulate(ratings)

test('the distinct rows of many readers are told apart, whatever the order of the scans', () => {
  const texts = votes.map((row) => row.map((grade) => grade ?? 0).join(''))
  expect(table.rows).toBe(new Set(texts).size)
  const rowTexts = Array.from({ length: table.rows }, (_, row) =>
    Array.from(table.codes.subarray(row * readers, (row + 1) * readers), (code) => code + 1).join(''),
  )
  expect(rowTexts).toEqual([...new Set(texts)].sort())
  expect(Array.from(table.rowOf, (row) => rowTexts[row])).toEqual(texts)
  expect([...table.weights]).toEqual(rowTexts.map((one) => texts.filter((text) => text === one).length))
  const turned = tabulate(ratingsFromTable(votes.toReversed(), [1, 2, 3], readers))
  expect({ ...turned, rowOf: turned.rowOf.toReversed() }).toEqual(table)
})

test('counts of all pairs in one pass are those of each pair', () => {
  const counts = pairCounts(table)
  const each = raterPairs(readers).map(([a, b]) => confusionCounts(table, a, b))
  expect(counts).toEqual(each)
  const both = votes.filter((row) => row[3] !== null && row[7] !== null).length
  const at = raterPairs(readers).findIndex(([a, b]) => a === 3 && b === 7)
  expect(counts[at]!.reduce((sum, count) => sum + count, 0)).toBe(both)
})
