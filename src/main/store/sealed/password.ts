import { randomBytes } from 'node:crypto'
import { hashRaw } from '@node-rs/argon2'
import { open, shut } from './box.ts'

const argon2id = { algorithm: 2 }

/** What a guess costs: memory in KiB, passes over it, lanes. */
export interface PasswordCost {
  memoryCost: number
  timeCost: number
  parallelism: number
}

/** OWASP's first choice for argon2id, of the password's hash and of the keys under it alike: 19 MiB, two passes, one lane. */
export const passwordCost: PasswordCost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

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
export async function lockWith(
  password: string,
  secret: Uint8Array,
  purpose: string,
  { memoryCost, timeCost, parallelism } = passwordCost,
): Promise<Locked> {
  const salt = randomBytes(16)
  const derivation = `argon2id:${memoryCost}:${timeCost}:${parallelism}`
  const key = (await keyOf(password, salt, derivation))!
  const box = shut(key, secret, purpose).toString('base64')
  key.fill(0)
  return { derivation, salt: salt.toString('base64'), box }
}

/** The secret; null where the password is another one or something was altered. */
export async function unlockWith(password: string, locked: Locked, purpose: string): Promise<Buffer | null> {
  const key = await keyOf(password, Buffer.from(locked.salt, 'base64'), locked.derivation)
  if (!key) return null
  const secret = open(key, Buffer.from(locked.box, 'base64'), purpose)
  key.fill(0)
  return secret
}
