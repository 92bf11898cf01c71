import { createHash } from 'node:crypto'
import { z } from 'zod'
import { ConcordError, messageOf } from '../../domain/error.ts'
import { block } from '../../learning/tar.ts'

/**
 * A packet is a tar archive: a manifest that lists everything else with its SHA-256, the Ed25519 signature of the manifest, the
 * rows as JSON, then pictures. What was signed is the manifest's bytes; nothing is believed that it does not list.
 */
export const names = { manifest: 'concord-packet.json', signature: 'signature', rows: 'rows.json' } as const
/** Rises when an older program could not read a packet any more. */
export const VERSION = 1
export const MANIFEST_MOST = 64 << 20
export const ROWS_MOST = 256 << 20
export const PORTION = 4 << 20

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const short = z.string().min(1).max(400)
export const manifestShape = z.strictObject({
  format: z.literal('concord-packet'),
  version: z.literal(VERSION),
  kind: z.enum(['study', 'votes']),
  made: z.iso.datetime(),
  study: z.strictObject({ id: short, title: short }),
  reader: z.strictObject({ id: short, name: short }),
  signer: z.strictObject({ accountId: short, keyId: short, publicKey: short }),
  entries: z.array(z.strictObject({ name: z.string().max(100), sha256, size: z.int().min(0) })).min(1),
})
export type Manifest = z.infer<typeof manifestShape>
export interface Head {
  manifest: Manifest
  /** SHA-256 of what was signed: names the packet. */
  digest: string
}
export interface Packet extends Head {
  rows: unknown
  /** Content of each picture -> the file that it lies in for now. */
  pictures: Map<string, string>
}

/** What is signed of a manifest. */
export const message = (manifest: Uint8Array): Buffer => Buffer.concat([Buffer.from('concord packet 1\n'), manifest])
export const pictureName = (content: string): string => `volumes/${content}.vol`
export const digestOfBytes = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
/** Bytes that follow a file in the archive, up to whole blocks. */
export const filling = (size: number): number => (block - (size % block)) % block
/** Bytes of a file in the archive, with its header. */
export const taken = (size: number): number => block + size + filling(size)

/** A key as two people compare it by telephone: the first 32 hexadecimal digits of its SHA-256, in groups. */
export const fingerprint = (publicKey: string): string =>
  createHash('sha256')
    .update(Buffer.from(publicKey, 'base64'))
    .digest('hex')
    .slice(0, 32)
    .replace(/(.{4})(?=.)/g, '$1 ')

export const foreign = (): ConcordError =>
  new ConcordError('packet-foreign', 'This is not a packet that Concord made. Nothing was changed.')
export const altered = (): ConcordError =>
  new ConcordError('packet-altered', 'This packet was altered after it was signed. Make it again; nothing was changed.')
export const truncated = (): ConcordError =>
  new ConcordError('packet-truncated', 'This packet is cut off. Copy it again; nothing was changed.')
export const unsigned = (): ConcordError =>
  new ConcordError('packet-unsigned', 'This packet has no signature. Make it again; nothing was changed.')
export const unreadable = (error: unknown): ConcordError =>
  new ConcordError(
    'packet-unreadable',
    `The packet cannot be read to its end (${messageOf(error)}). Is the stick still plugged in? Nothing was changed.`,
  )
