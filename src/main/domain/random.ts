/**
 * Deterministic pseudo-random numbers: the same seed gives the same sequence on every machine and in every thread.
 * The generator is sfc32 (Chris Doty-Humphrey's Small Fast Counting RNG, PractRand), seeded by the 128-bit cyrb128
 * string hash. It is for simulation, queues and splits, never for secrets.
 */
export type Random = {
  /** A double in [0, 1), 32 random bits. */
  uniform(): number
  /** A standard normal deviate (Marsaglia's polar method). */
  normal(): number
  /** A whole number in [0, n). `n` must be a positive integer; else a RangeError. */
  integer(n: number): number
  /** Shuffles in place without bias (Fisher-Yates, Durstenfeld 1964) and returns the same array. */
  shuffle<T>(array: T[]): T[]
}

/** Four 32-bit words from a string: seeds that differ in one character give unrelated sequences. */
function hash128(text: string): [number, number, number, number] {
  let h1 = 1779033703
  let h2 = 3144134277
  let h3 = 1013904242
  let h4 = 2773480762
  for (let i = 0; i < text.length; i++) {
    const k = text.charCodeAt(i)
    h1 = h2 ^ Math.imul(h1 ^ k, 597399067)
    h2 = h3 ^ Math.imul(h2 ^ k, 2869860233)
    h3 = h4 ^ Math.imul(h3 ^ k, 951274213)
    h4 = h1 ^ Math.imul(h4 ^ k, 2716044179)
  }
  h1 = Math.imul(h3 ^ (h1 >>> 18), 597399067)
  h2 = Math.imul(h4 ^ (h2 >>> 22), 2869860233)
  h3 = Math.imul(h1 ^ (h3 >>> 17), 951274213)
  h4 = Math.imul(h2 ^ (h4 >>> 19), 2716044179)
  return [h1 ^ h2 ^ h3 ^ h4, h2 ^ h1, h3 ^ h1, h4 ^ h1]
}

/** A generator from any text or number; `randomFrom(7)` and `randomFrom('7')` are the same sequence. */
export function randomFrom(seed: string | number): Random {
  // A typed array holds the state: 32-bit numbers in closed-over variables would be allocated anew at each step.
  const state = Int32Array.from(hash128(String(seed)))
  let spare: number | undefined

  function next(): number {
    const b = state[1]!
    const c = state[2]!
    const d = state[3]!
    const t = (((state[0]! + b) | 0) + d) | 0
    state[3] = (d + 1) | 0
    state[0] = b ^ (b >>> 9)
    state[1] = (c + (c << 3)) | 0
    state[2] = (((c << 21) | (c >>> 11)) + t) | 0
    return t >>> 0
  }
  // The first outputs still resemble the seed words.
  for (let i = 0; i < 15; i++) next()

  function uniform(): number {
    return next() / 4294967296
  }

  function normal(): number {
    if (spare !== undefined) {
      const value = spare
      spare = undefined
      return value
    }
    for (;;) {
      const u = 2 * uniform() - 1
      const v = 2 * uniform() - 1
      const s = u * u + v * v
      if (s >= 1 || s === 0) continue
      const scale = Math.sqrt((-2 * Math.log(s)) / s)
      spare = v * scale
      return u * scale
    }
  }

  function integer(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 4294967296)
      throw new RangeError(`integer(n) needs 1 <= n <= 2^32, not ${n}`)
    // Rejects the short last block, so that every value is equally likely.
    const limit = 4294967296 - (4294967296 % n)
    for (;;) {
      const value = next()
      if (value < limit) return value % n
    }
  }

  function shuffle<T>(array: T[]): T[] {
    for (let i = array.length - 1; i > 0; i--) {
      const j = integer(i + 1)
      const kept = array[i] as T
      array[i] = array[j] as T
      array[j] = kept
    }
    return array
  }

  return { uniform, normal, integer, shuffle }
}
