// Which npm packages Concord is made of: those that its dependencies name, down to the last, as the lock file has them.
// Read by NOTICE.md's generator, by the page "About" and by the packer.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { carried } from './carried.ts'
import { standardText } from './standard-texts.ts'

/** An entry of package-lock.json, as far as it is read here. */
interface Locked {
  version: string
  license?: string
  optional?: boolean
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}
type Lock = Record<string, Locked>

export interface ProductPackage {
  path: string
  name: string
  version: string
  licence: string
  /** One system's half of a package, so another machine has another. */
  optional: boolean
}

/** Files in which a package tells its licence and whom to thank. */
const told = /^(licen[cs]e|copying|copyright|notice|unlicen[cs]e|third[-_]?party)/i

/** Licences that package.json only points to. */
const named: Record<string, string> = { h5wasm: 'NIST-Software' }

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'))
const readLock = (root: string): Lock => (readJson(join(root, 'package-lock.json')) as { packages: Lock }).packages

/** Where Node finds the package `name` when the one at `from` asks for it; null if it is not in the lock file. */
function found(packages: Lock, from: string, name: string): string | null {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const path = `${at ? `${at}/` : ''}node_modules/${name}`
    if (path in packages) return path
    if (!at) return null
  }
}

/**
 * Paths (node_modules/…) of the packages that the named ones need to run, themselves included, sorted. Of packages for
 * one system each (`optional` in the lock) those that are installed; type declarations are no part of a program.
 */
export function closure(root: string, names: readonly string[], packages = readLock(root)): string[] {
  const reached = new Set<string>()
  const go = (path: string): void => {
    if (reached.has(path)) return
    reached.add(path)
    const { dependencies = {}, optionalDependencies = {} } = packages[path]!
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const next = name.startsWith('@types/') ? null : found(packages, path, name)
      if (next && (!packages[next]!.optional || existsSync(join(root, next)))) go(next)
    }
  }
  for (const name of names) go(`node_modules/${name}`)
  return [...reached].sort()
}

/** Every package of the product; two versions of one package are two rows. */
export function productPackages(root: string): ProductPackage[] {
  const packages = readLock(root)
  return closure(root, Object.keys(packages['']!.dependencies!), packages).map((path) => {
    const name = path.slice(path.lastIndexOf('node_modules/') + 13)
    const { version, optional = false } = packages[path]!
    return { path, name, version, licence: licenceOf(name, packages[path]!, join(root, path)), optional }
  })
}

function licenceOf(name: string, entry: Locked, folder: string): string {
  if (named[name]) return named[name]
  if (typeof entry.license === 'string') return entry.license
  const file = join(folder, 'package.json')
  if (!existsSync(file)) return ''
  type Old = { type: string }
  const { license, licenses = [] } = readJson(file) as { license?: string | Old; licenses?: Old[] }
  return typeof license === 'string' ? license : (license?.type ?? licenses.map(({ type }) => type).join(' OR '))
}

/** The texts that a package brings with it, one after another; where it brings none, the licence's own words. */
export function textOf(root: string, { path, name, licence }: ProductPackage): string {
  const folder = join(root, path)
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile() && told.test(entry.name))
  const texts = files.map((entry) => readFileSync(join(folder, entry.name), 'utf8').trim())
  if (texts.length > 0) return texts.join('\n\n')
  type Person = string | { name: string }
  const { author } = readJson(join(folder, 'package.json')) as { author?: Person }
  const holder = typeof author === 'object' ? author.name : author
  return standardText(root, licence, holder?.replace(/\s*[<(].*$/, '') || `the authors of ${name}`)
}

/** What a package holds of other projects, where its own licence file does not tell: { name, version, licence, text }. */
export function carriedParts(root: string): { name: string; version: string; licence: string; text: string }[] {
  return carried.map(({ name, inside, licence, text }) => ({ name, version: inside, licence, text: text(root) }))
}
