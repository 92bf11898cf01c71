// The bundler's settings and the build itself; runs on Electron's Node (scripts/lib/build.mjs starts it).
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import vue from '@vitejs/plugin-vue'
import { build } from 'vite'
import vuetify from 'vite-plugin-vuetify'
import { collectParts, electronFolderOf, writeParts } from '../../packaging/parts/collect.ts'
import { entries } from '../../src/main/app/entries.ts'
import { electronBinary, root } from './runtime.mjs'
import { external } from './external.ts'
import { fingerprint, outputOf } from './targets.mjs'

const outside = (id) =>
  id.startsWith('node:') ||
  builtinModules.includes(id) ||
  external.some((name) => id === name || id.startsWith(`${name}/`))

/** The publisher's public key for updates, where there is one (docs/updates.md). */
function updateKey() {
  const file = join(root, 'packaging/update-key.pem')
  return existsSync(file) ? readFileSync(file, 'utf8') : null
}

/** The commit it is built from, "-changed" behind it where sources differ from it; null outside of a checkout. */
function commit() {
  const git = (...args) => {
    const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' })
    return status === 0 ? stdout.trim() : null
  }
  if (git('rev-parse', '--show-prefix') !== '') return null
  const head = git('rev-parse', 'HEAD')
  const sources = ['src', 'db', 'package.json', 'package-lock.json']
  const changed = git('status', '--porcelain', '--', ...sources)
  return head && (changed === '' ? head : `${head}-changed`)
}

const common = {
  root,
  configFile: false,
  publicDir: false,
  logLevel: 'warn',
  define: {
    'process.env.NODE_ENV': '"production"',
    CONCORD_UPDATE_KEY: JSON.stringify(updateKey()),
    CONCORD_COMMIT: JSON.stringify(commit()),
  },
}

/** Node code: nothing of a browser, sources readable in a stack trace. */
function nodeBuild(input, format, extension) {
  return {
    ...common,
    // Everything that is not external is bundled, so that the program starts from few files.
    ssr: { noExternal: true, external, target: 'node' },
    build: {
      ssr: true,
      target: 'node24',
      minify: false,
      sourcemap: true,
      reportCompressedSize: false,
      rolldownOptions: {
        input,
        external: outside,
        output: {
          format,
          entryFileNames: `[name].${extension}`,
          chunkFileNames: `chunk-[name]-[hash].${extension}`,
          ...(format === 'cjs' ? { codeSplitting: false } : {}),
        },
      },
    },
  }
}

const settings = {
  main: () => nodeBuild(absolute(entries), 'es', 'js'),
  preload: () => nodeBuild({ index: join(root, 'src/preload/index.ts') }, 'cjs', 'cjs'),
  renderer: () => ({
    ...common,
    root: join(root, 'src/renderer'),
    // Relative addresses: the page is served by the program's own scheme or from the disk.
    base: './',
    plugins: [vue(), vuetify({ autoImport: true })],
    worker: { format: 'es' },
    build: {
      target: 'chrome148',
      sourcemap: true,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 5000,
      // The content security policy forbids data: addresses; small files stay files.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
  }),
}

/** The entries as absolute paths; each must exist, or the program would start and fail later. */
function absolute(table) {
  for (const path of Object.values(table)) {
    if (!existsSync(join(root, path))) throw new Error(`${path} does not exist, but src/main/app/entries.ts names it.`)
  }
  return Object.fromEntries(Object.entries(table).map(([name, path]) => [name, join(root, path)]))
}

/** Builds beside the final folder and swaps, so a program started meanwhile finds a whole folder. */
async function bundle(target) {
  const from = fingerprint(target)
  const final = outputOf(target)
  const part = `${final}.part`
  const old = `${final}.old`
  for (const folder of [part, old]) rmSync(folder, { recursive: true, force: true })
  if (target === 'parts') writeParts(collectParts(root, electronFolderOf(electronBinary())), part)
  else {
    const chosen = settings[target]()
    await build({ ...chosen, build: { ...chosen.build, outDir: part, emptyOutDir: true } })
  }
  writeFileSync(join(part, '.built-from'), from)
  if (existsSync(final)) renameSync(final, old)
  renameSync(part, final)
  rmSync(old, { recursive: true, force: true })
}

try {
  for (const target of process.argv.slice(2)) await bundle(target)
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
