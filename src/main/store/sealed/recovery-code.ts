import { createHash, hkdfSync, randomBytes } from 'node:crypto'
import { exchangePublicOf, type Pair } from './pairs.ts'

/** Crockford's base 32: no I, L, O, U, so that a printed key can be typed. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** 160 bits, far beyond guessing, and 20 bits that show a slip of the pen. */
const SEED = 20
const CHECK = 4
const LENGTH = (SEED * 8) / 5 + CHECK

export const newRecoverySeed = (): Buffer => randomBytes(SEED)

/** As it is printed: nine groups of four. */
export function recoveryCode(seed: Uint8Array): string {
  const text = letters(seed) + checkOf(seed)
  return text.match(/.{4}/g)!.join('-')
}

/** The seed of a code as people type it; null where letters are missing, too many or wrong. */
export function recoverySeed(typed: string): Buffer | null {
  const text = typed.toUpperCase().replace(/[\s-]/g, '').replace(/[IL]/g, '1').replace(/O/g, '0')
  if (text.length !== LENGTH || Array.from(text).some((letter) => !alphabet.includes(letter))) return null
  const seed = Buffer.alloc(SEED)
  let bits = 0
  let value = 0
  let at = 0
  for (const letter of text.slice(0, -CHECK)) {
    value = ((value << 5) | alphabet.indexOf(letter)) & 0xfff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    seed[at++] = value >> bits
  }
  return checkOf(seed) === text.slice(-CHECK) ? seed : null
}

/** The pair that the seed stands for: the study's key is shut to it as it is to a lead. */
export function recoveryPair(seed: Uint8Array): Pair {
  const privateKey = Buffer.from(hkdfSync('sha256', seed, Buffer.alloc(0), 'concord recovery 1', 32))
  return { privateKey, publicKey: exchangePublicOf(privateKey) }
}

const checkOf = (seed: Uint8Array): string =>
  letters(createHash('sha256').update('concord recovery check').update(seed).digest().subarray(0, 5)).slice(0, CHECK)

function letters(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let value = 0
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += alphabet.charAt((value >> bits) & 31)
    }
  }
  return text
}
