import { createHash, createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'
import { createReadStream, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { updateFile } from '../src/main/services/updates/manifest.ts'

/**
 * For the publisher (docs/updates.md): `key OUT` makes a pair of keys; `sign --key FILE --version V --out FOLDER SYSTEM=FILE…` writes
 * the signed file that the program looks for.
 */
interface Release {
  version: string
  notes?: string
  released?: string
  /** The system ("linux-x64") and the file for it. */
  files: readonly { system: string; path: string }[]
}

/** The text of the signed file. @param key the publisher's private key, PEM */
export async function signRelease({ version, notes = '', released, files }: Release, key: string): Promise<string> {
  const listed = []
  for (const { system, path } of files) {
    const hash = createHash('sha256')
    await pipeline(createReadStream(path), hash)
    listed.push({ system, name: basename(path), bytes: statSync(path).size, sha256: hash.digest('hex') })
  }
  const at = released ?? new Date().toISOString()
  const manifest = JSON.stringify({ product: 'concord', version, released: at, notes, files: listed })
  const signature = sign(null, Buffer.from(manifest, 'utf8'), createPrivateKey(key)).toString('base64')
  return `${JSON.stringify({ manifest, signature }, null, 2)}\n`
}

async function main(): Promise<void> {
  const text = { type: 'string' } as const
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { key: text, version: text, out: text, notes: text },
  })
  const [verb, ...rest] = positionals
  if (verb === 'key' && rest[0]) {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    for (const name of ['update-key.pem', 'update-key.private.pem'])
      if (existsSync(join(rest[0], name))) throw new Error(`${join(rest[0], name)} exists and is not written over.`)
    writeFileSync(join(rest[0], 'update-key.pem'), publicKey.export({ type: 'spki', format: 'pem' }))
    const secret = privateKey.export({ type: 'pkcs8', format: 'pem' })
    writeFileSync(join(rest[0], 'update-key.private.pem'), secret, { mode: 0o600 })
  } else if (verb === 'sign' && values.key && values.version && values.out && rest.length > 0) {
    const files = rest.map((one) => ({ system: one.split('=')[0]!, path: one.slice(one.indexOf('=') + 1) }))
    const release = { version: values.version, notes: values.notes ?? '', files }
    writeFileSync(join(values.out, updateFile), await signRelease(release, readFileSync(values.key, 'utf8')))
  } else throw new Error('key FOLDER | sign --key FILE --version V --out FOLDER [--notes TEXT] SYSTEM=FILE…')
}

if (process.argv[1]?.endsWith('update.ts')) await main()
