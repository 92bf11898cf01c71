import {
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto'

/** A key pair of one kind: both halves raw, 32 bytes; the public one as base64, as it stands in the database. */
export interface Pair {
  publicKey: string
  privateKey: Buffer
}

type Kind = 'x25519' | 'ed25519'

/** What stands before the 32 bytes in PKCS #8 and in SubjectPublicKeyInfo (RFC 8410, section 7 and 4). */
const before = {
  x25519: { private: '302e020100300506032b656e04220420', public: '302a300506032b656e032100' },
  ed25519: { private: '302e020100300506032b657004220420', public: '302a300506032b6570032100' },
} as const

function makePair(kind: Kind): Pair {
  const { privateKey, publicKey } = kind === 'x25519' ? generateKeyPairSync('x25519') : generateKeyPairSync('ed25519')
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64'),
    privateKey: Buffer.from(privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(-32)),
  }
}

const privateObject = (kind: Kind, raw: Uint8Array): KeyObject =>
  createPrivateKey({
    key: Buffer.concat([Buffer.from(before[kind].private, 'hex'), raw]),
    format: 'der',
    type: 'pkcs8',
  })

const publicObject = (kind: Kind, text: string): KeyObject =>
  createPublicKey({
    key: Buffer.concat([Buffer.from(before[kind].public, 'hex'), Buffer.from(text, 'base64')]),
    format: 'der',
    type: 'spki',
  })

/** A pair to seal to and to open with (X25519, RFC 7748). */
export const exchangePair = (): Pair => makePair('x25519')

/** A pair to sign with (Ed25519, RFC 8032). */
export const signingPair = (): Pair => makePair('ed25519')

/** The public half of a raw private one; for X25519 any 32 bytes are a private half. */
export const exchangePublicOf = (privateKey: Uint8Array): string =>
  createPublicKey(privateObject('x25519', privateKey))
    .export({ type: 'spki', format: 'der' })
    .subarray(-32)
    .toString('base64')

/** What two pairs have in common, 32 bytes; throws for a public half that no pair has. */
export const agree = (privateKey: Uint8Array, publicKey: string): Buffer =>
  diffieHellman({ privateKey: privateObject('x25519', privateKey), publicKey: publicObject('x25519', publicKey) })

/** An Ed25519 signature as base64, 64 bytes. */
export const signed = (privateKey: Uint8Array, message: Uint8Array): string =>
  sign(null, message, privateObject('ed25519', privateKey)).toString('base64')

/** Whether the signature is of this message by that pair; false for whatever is no signature or key at all. */
export function isSignedBy(publicKey: string, message: Uint8Array, signature: string): boolean {
  try {
    return verify(null, message, publicObject('ed25519', publicKey), Buffer.from(signature, 'base64'))
  } catch {
    return false
  }
}
