import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { agree, exchangePair } from './pairs.ts'

const IV = 12
const TAG = 16
const PUBLIC = 32

/** AES-256-GCM (NIST SP 800-38D) with a random nonce: nonce, tag, text. `purpose` is bound to it and not kept in it. */
export function shut(key: Uint8Array, secret: Uint8Array, purpose: string): Buffer {
  const iv = randomBytes(IV)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  cipher.setAAD(Buffer.from(purpose))
  const text = Buffer.concat([cipher.update(secret), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), text])
}

/** The other way; null where key, text or purpose is not the one it was shut with. */
export function open(key: Uint8Array, box: Uint8Array, purpose: string): Buffer | null {
  if (box.length < IV + TAG) return null
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, IV), { authTagLength: TAG })
    decipher.setAuthTag(box.subarray(IV, IV + TAG))
    decipher.setAAD(Buffer.from(purpose))
    return Buffer.concat([decipher.update(box.subarray(IV + TAG)), decipher.final()])
  } catch {
    return null
  }
}

/** The key of one box: from what a pair made for it alone and the receiver's pair have in common (HKDF, RFC 5869). */
const boxKey = (shared: Uint8Array, once: string, receiver: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', shared, Buffer.from(`${once}.${receiver}`), `concord box 1 ${purpose}`, 32))

/** Shuts a secret so that only the holder of the receiver's private half can open it. Base64. */
export function shutTo(receiver: string, secret: Uint8Array, purpose: string): string {
  const once = exchangePair()
  const shared = agree(once.privateKey, receiver)
  const key = boxKey(shared, once.publicKey, receiver, purpose)
  const box = Buffer.concat([Buffer.from(once.publicKey, 'base64'), shut(key, secret, purpose)])
  for (const spent of [once.privateKey, shared, key]) spent.fill(0)
  return box.toString('base64')
}

/** The secret in a box; null where it is for another receiver or purpose, or was altered. */
export function openWith(
  receiver: { publicKey: string; privateKey: Uint8Array },
  box: string,
  purpose: string,
): Buffer | null {
  const bytes = Buffer.from(box, 'base64')
  if (bytes.length < PUBLIC + IV + TAG) return null
  const once = bytes.subarray(0, PUBLIC).toString('base64')
  try {
    const shared = agree(receiver.privateKey, once)
    const key = boxKey(shared, once, receiver.publicKey, purpose)
    const secret = open(key, bytes.subarray(PUBLIC), purpose)
    for (const spent of [shared, key]) spent.fill(0)
    return secret
  } catch {
    return null
  }
}
