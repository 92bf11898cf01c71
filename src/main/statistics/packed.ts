import type { Scale } from '../domain/scale.ts'
import type { Columns } from './columns.ts'
import type { Copy } from './copy.ts'
import { type KnownPatterns, knownPatterns } from './known-patterns.ts'
import { CANNOT } from './question.ts'

/**
 * How many votes of each kind a scan has ("cannot be graded", then the grades) as one number, or a few where one has no room for
 * all: votes are then counted by adding, and those of some days by one subtraction.
 */
export interface Packing {
  /** For each of the numbers how a vote adds to it, by the vote's code from CANNOT on. */
  worth: Int32Array[]
  /** From a scan's numbers to its votes. */
  unpacked(numbers: readonly number[]): { grades: number[]; cannot: number }
}

export interface Packed extends Packing {
  /** For each of the numbers the sum over all votes of the columns before each of them, modulo 2 ** 32. */
  before: Int32Array[]
  known: KnownPatterns
}

/** Made once for all filters; what is known of patterns outlives the votes that have them. */
export function packedOf(copy: Copy, columns: Columns, scale: Scale): Packed {
  const key = JSON.stringify([scale.categories, scale.rescanFrom, columns.queues.length])
  if (copy.patterns?.key !== key) {
    const packing = packingOf(columns.queues.length, scale.categories.length)
    copy.patterns = { key, packing, known: knownPatterns(packing, scale) }
    columns.packed = null
  }
  const { packing, known } = copy.patterns
  columns.packed ??= { ...packing, known, before: packing.worth.map((own) => before(columns.code, own)) }
  return columns.packed
}

function packingOf(readers: number, grades: number): Packing {
  // As many kinds are counted in one number as have room in it: all of them where thirty readers have five grades.
  const bits = 32 - Math.clz32(Math.max(1, readers))
  const each = Math.floor(30 / bits)
  // The first kinds weigh most: numbers are in the order of the votes that they stand for.
  const shift = (kind: number): number => bits * (each - 1 - (kind % each))
  const worth: Int32Array[] = []
  for (let kind = 0; kind <= grades; kind += 1) {
    if (kind % each === 0) worth.push(new Int32Array(grades - CANNOT))
    worth.at(-1)![kind === 0 ? 0 : kind - 1 - CANNOT] = 1 << shift(kind)
  }
  const count = (numbers: readonly number[], kind: number): number =>
    (numbers[Math.floor(kind / each)]! >> shift(kind)) & ((1 << bits) - 1)
  return {
    worth,
    unpacked: (numbers) => ({
      grades: Array.from({ length: grades }, (_, grade) => count(numbers, grade + 1)),
      cannot: count(numbers, 0),
    }),
  }
}

function before(code: Int8Array, worth: Int32Array): Int32Array {
  const sums = new Int32Array(code.length + 1)
  let sum = 0
  for (let at = 0; at < code.length; at += 1) {
    sum = (sum + worth[code[at]! - CANNOT]!) | 0
    sums[at + 1] = sum
  }
  return sums
}
