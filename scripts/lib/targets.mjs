// What is built from what, and whether it is still current. Read before anything heavy is loaded.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './runtime.mjs'

const always = ['package-lock.json', 'scripts/lib/bundle.mjs', 'scripts/lib/external.ts', 'scripts/lib/targets.mjs']

/** Each target's folder in dist/ and the files and folders that its content depends on. */
export const targets = {
  main: { sources: ['src/main', 'src/preload/contract', 'db', 'package.json', 'packaging/update-key.pem'] },
  preload: { sources: ['src/preload'] },
  renderer: { sources: ['src/renderer', 'src/preload/contract', 'resources'] },
  // The licences of all parts, for the page "About".
  parts: { sources: ['packaging/parts', 'LICENSE'] },
}

export const outputOf = (target) => join(root, 'dist', target)
const stampOf = (target) => join(outputOf(target), '.built-from')

function list(path, lines) {
  const full = join(root, path)
  if (!existsSync(full)) return lines
  const status = statSync(full)
  if (status.isDirectory()) for (const name of readdirSync(full).sort()) list(`${path}/${name}`, lines)
  else lines.push(`${path} ${status.size} ${status.mtimeMs}`)
  return lines
}

/** A hash of the names, sizes and times of all files a target is built from: some milliseconds. */
export function fingerprint(target) {
  const lines = [...targets[target].sources, ...always].flatMap((path) => list(path, []))
  return createHash('sha256').update(lines.join('\n')).digest('hex')
}

/** True if dist/ holds the target as its sources are now. */
export function isCurrent(target) {
  return existsSync(stampOf(target)) && readFileSync(stampOf(target), 'utf8') === fingerprint(target)
}
