import { randomBytes } from 'node:crypto'
import { hashRaw } from '@node-rs/argon2'
import { open, shut } from './box.ts'

/** As costly to guess as the password's own hash (OWASP's first choice for argon2id): 19 MiB, two passes, one lane. */
const argon2id = { algorithm: 2 }
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
const current = `argon2id:${cost.memoryCost}:${cost.timeCost}:${cost.parallelism}`

/** A secret under a password, as it is kept: how the key is derived, with which salt (base64), and the box (base64). */
export interface Locked {
  derivation: string
  salt: string
  box: string
}

async function keyOf(password: string, salt: Buffer, derivation: string): Promise<Buffer | null> {
  const [name, ...figures] = derivation.split(':')
  const [memoryCost, timeCost, parallelism] = figures.map(Number)
  if (name !== 'argon2id' || !memoryCost || !timeCost || !parallelism) return null
  return hashRaw(password, { ...argon2id, memoryCost, timeCost, parallelism, salt, outputLen: 32 })
}

/** Shuts a secret under a password with a salt of its own: the password's hash beside it is no step towards the key. */
export async function lockWith(password: string, secret: Uint8Array, purpose: string): Promise<Locked> {
  const salt = randomBytes(16)
  const key = (await keyOf(password, salt, current))!
  const box = shut(key, secret, purpose).toString('base64')
  key.fill(0)
  return { derivation: current, salt: salt.toString('base64'), box }
}

/** The secret; null where the password is another one or something was altered. */
export async function unlockWith(password: string, locked: Locked, purpose: string): Promise<Buffer | null> {
  const key = await keyOf(password, Buffer.from(locked.salt, 'base64'), locked.derivation)
  if (!key) return null
  const secret = open(key, Buffer.from(locked.box, 'base64'), purpose)
  key.fill(0)
  return secret
}
