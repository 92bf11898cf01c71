// Every part of the program with its licence and its text, for the page "About": our packages, what they carry, what
// Electron and TensorFlow are made of.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { carriedParts, productPackages, textOf } from './packages.ts'

export interface Part {
  of: 'concord' | 'electron' | 'tensorflow'
  name: string
  version: string | null
  licence: string | null
  text: string
}
type Found = Pick<Part, 'name' | 'text'> & Partial<Part>

const entities: Record<string, string> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&#34;': '"',
  '&amp;': '&',
}
const plain = (html: string): string => html.replace(/&(lt|gt|quot|#39|#34|amp);/g, (entity) => entities[entity]!)

/** The credits page that Chromium generates: { name, text } of each of its parts. */
export function chromiumParts(html: string): { name: string; text: string }[] {
  return html
    .split('<div class="product">')
    .slice(1)
    .flatMap((product) => {
      const name = /<span class="title">([^<]*)<\/span>/.exec(product)?.[1]
      const text = /<pre[^>]*>([\s\S]*?)<\/pre>/.exec(product)?.[1]
      return name && text ? [{ name: plain(name).trim(), text: plain(text).trim() }] : []
    })
}

/** TensorFlow's file of notices: a rule, a line "== Name", the text, and so on. */
export function tensorflowParts(notices: string): { name: string; text: string }[] {
  return notices.split(/^-{20,}\n(?=== )/m).flatMap((section) => {
    const [, name, text] = /^== (.+)\n([\s\S]*)$/.exec(section) ?? []
    return name && text ? [{ name: name.trim(), text: text.trim() }] : []
  })
}

const read = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '')

/** All parts. @param electron the folder of Electron's release */
export function collectParts(root: string, electron: string): Part[] {
  type Manifest = { version: string; license: string; devDependencies: Record<string, string> }
  const manifest = JSON.parse(read(join(root, 'package.json'))) as Manifest
  const packages = productPackages(root).map((part) => ({ ...part, text: textOf(root, part) }))
  const concord = {
    name: 'Concord',
    version: manifest.version,
    licence: manifest.license,
    text: read(join(root, 'LICENSE')),
  }
  const tensorflow = join(root, 'node_modules/@tensorflow/tfjs-node/deps')
  const version = read(join(electron, 'version')).trim() || manifest.devDependencies['electron']!
  const all = (of: Part['of'], list: Found[]): Part[] =>
    list.map(({ name, version = null, licence = null, text }) => ({ of, name, version, licence, text: text.trim() }))
  return [
    ...all('concord', [concord, ...packages, ...carriedParts(root)]),
    ...all('electron', [
      { name: 'Electron', version, licence: 'MIT', text: read(join(electron, 'LICENSE')) },
      ...chromiumParts(read(join(electron, 'LICENSES.chromium.html'))),
    ]),
    ...all('tensorflow', [
      { name: 'TensorFlow', licence: 'Apache-2.0', text: read(join(tensorflow, 'LICENSE')) },
      ...tensorflowParts(read(join(tensorflow, 'THIRD_PARTY_NOTICES.txt'))),
    ]),
  ].filter(({ text }) => text)
}

/** Writes parts.json, and each text once, in a file named by its digest: many parts share one. */
export function writeParts(parts: Part[], folder: string): void {
  mkdirSync(join(folder, 'texts'), { recursive: true })
  const rows = parts.map(({ text, ...part }) => {
    const name = createHash('sha256').update(text).digest('hex').slice(0, 24)
    writeFileSync(join(folder, 'texts', `${name}.txt`), `${text}\n`)
    return { ...part, text: name }
  })
  writeFileSync(join(folder, 'parts.json'), JSON.stringify(rows))
}

/** The folder of Electron's release around its binary. */
export const electronFolderOf = (binary: string): string =>
  process.platform === 'darwin' ? dirname(dirname(dirname(dirname(binary)))) : dirname(binary)
