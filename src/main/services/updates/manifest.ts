import { createPublicKey, verify } from 'node:crypto'
import { z } from 'zod'
import { ConcordError } from '../../domain/error.ts'

/** The one file that is looked for where the department says: what there is, and the publisher's signature over it. */
export const updateFile = 'concord-update.json'

const signed = z.strictObject({
  /** The manifest as text: the signature is over exactly these bytes (UTF-8). */
  manifest: z.string().max(100_000),
  /** Ed25519 (RFC 8032), base64. */
  signature: z.base64(),
})
const manifest = z.object({
  product: z.literal('concord'),
  version: z.string().regex(/^\d+(\.\d+){1,3}$/),
  released: z.iso.datetime(),
  notes: z.string().max(4000).default(''),
  files: z
    .array(
      z.object({
        /** As `process.platform` and `process.arch`: "linux-x64". */
        system: z.string().max(40),
        /** A plain name, without folders. */
        name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._+-]{0,120}$/),
        bytes: z.int().min(1),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    )
    .min(1),
})
export type Manifest = z.infer<typeof manifest>

/**
 * What the file says, once the signature holds. @param key the publisher's public key, PEM.
 * Errors: `update-unsigned` where it is no such file, the signature is another's, or a byte was changed.
 */
export function readManifest(text: string, key: string): Manifest {
  const outer = signed.safeParse(json(text))
  if (!outer.success) throw unsigned()
  const bytes = Buffer.from(outer.data.manifest, 'utf8')
  if (!verify(null, bytes, createPublicKey(key), Buffer.from(outer.data.signature, 'base64'))) throw unsigned()
  const inner = manifest.safeParse(json(outer.data.manifest))
  if (!inner.success) throw unsigned()
  return inner.data
}

/** Above 0 where `a` is the newer of two versions ("1.10.0" after "1.9"). */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) =>
    version
      .replace(/[-~+].*$/, '')
      .split('.')
      .map(Number),
  )
  for (let n = 0; n < 4; n++) {
    const difference = (left![n] ?? 0) - (right![n] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const unsigned = (): ConcordError =>
  new ConcordError(
    'update-unsigned',
    'The update is not signed by the publisher of this program, or was changed since. It is not used. Ask whoever put it there.',
  )
