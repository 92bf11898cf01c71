import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { external } from '../scripts/lib/external.ts'
import { closure } from './parts/packages.ts'

/** What of the build goes into the archive: not the maps of its sources, not the builder's own marks. */
export const builtFile = (path: string): boolean => !/\.map$|(^|\/)\.(built-from|lock)$/.test(path)

/**
 * Of a package only what runs. TensorFlow.js brings every build of itself in five forms and its tests; the program loads the
 * one for Node. `only` narrows a package to these paths, its manifest and its licence.
 */
const only: Record<string, RegExp> = {
  '@tensorflow/tfjs': /^dist\/tf\.node\.js$/,
  '@tensorflow/tfjs-core': /^dist\/tf-core\.node\.js$/,
  '@tensorflow/tfjs-layers': /^dist\/tf-layers\.node\.js$/,
  '@tensorflow/tfjs-converter': /^dist\/tf-converter\.node\.js$/,
  '@tensorflow/tfjs-data': /^dist\/tf-data\.node\.js$/,
  '@tensorflow/tfjs-backend-cpu': /^dist\/tf-backend-cpu\.node\.js$/,
  '@tensorflow/tfjs-backend-webgl': /^dist\/tf-backend-webgl\.node\.js$/,
  '@tensorflow/tfjs-node':
    /^(dist\/.*\.js|lib\/napi-v8\/.*|deps\/(lib\/[^/]*\.(so[.\d]*|dll|dylib)|THIRD_PARTY_NOTICES\.txt))$/,
  // Words for old browsers, which the builds for Node never ask for.
  'core-js': /^$/,
  'better-sqlite3': new RegExp(`^(lib/.*\\.js|prebuilds/${process.platform}-${process.arch}\\.node)$`),
  h5wasm: /^dist\/node\/.*\.js$/,
  '@cornerstonejs/codec-charls': /^dist\/.*wasm_decode\.(js|wasm)$/,
  '@cornerstonejs/codec-openjpeg': /^dist\/.*wasm_decode\.(js|wasm)$/,
  '@cornerstonejs/codec-libjpeg-turbo-8bit': /^dist\/.*wasm_decode\.(js|wasm)$/,
}
const legal = /^(package\.json|(licen[cs]e|copying|notice)[^/]*)$/i
const runs = /\.(c?js|mjs|json|node|wasm|so[.\d]*)$/
const idle =
  /(^|\/)(tests?|__tests__|docs?|examples?|bench(mark)?s?|coverage|bin|tools|\.github)\/|(^|\/)bin\.js$|[._-](test|spec)\.c?js$|_test_util\.js$|(^|\/)run_tests\.js$|\.min\.js$|\.d\.[cm]?ts$|\.map$|(^|\/)(tsconfig.*|\.[^/]*)$/

/** Whether a file of a package, by its path in it, is taken along. */
export function packageFile(name: string, path: string): boolean {
  if (legal.test(path)) return true
  const narrowed = only[name]
  if (narrowed && !narrowed.test(path)) return false
  return !idle.test(path) && (narrowed !== undefined || runs.test(path))
}

/** Of the bundler's externals and all they need: { from (path below root), to }, sorted. */
export function packageFiles(root: string): string[] {
  const names = external.filter((name) => name !== 'electron')
  return closure(root, names).flatMap((path) => {
    const folder = join(root, path)
    const name = path.slice(path.lastIndexOf('node_modules/') + 13)
    return filesBelow(folder, (below) => below !== 'node_modules')
      .filter((file) => packageFile(name, file))
      .map((file) => `${path}/${file}`)
  })
}

/** Files below a folder as paths with slashes, sorted; links count as what they lead to. */
export function filesBelow(folder: string, enter: (path: string) => boolean = () => true): string[] {
  const found: string[] = []
  const walk = (at: string): void => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const full = join(at, entry.name)
      const path = relative(folder, full).split(sep).join('/')
      if (entry.isDirectory()) {
        if (enter(path)) walk(full)
      } else found.push(path)
    }
  }
  walk(folder)
  return found.sort()
}

/** Names of the packages whose code the bundler took into dist/, as the maps of its sources tell. */
export function bundledPackages(dist: string): string[] {
  const names = new Set<string>()
  for (const file of filesBelow(dist).filter((path) => path.endsWith('.map'))) {
    const { sources } = JSON.parse(readFileSync(join(dist, file), 'utf8')) as { sources: string[] }
    for (const source of sources) {
      const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1]
      if (name) names.add(name)
    }
  }
  return [...names].sort()
}

/** Languages of Chromium's own words (menus of the system's dialogs): the program speaks these two. */
export const locales = /^(en-US|en-GB|de)\.pak$/
