import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import packageJson from '../../../package.json' with { type: 'json' }
import { runCommand } from '../../../src/main/cli/run.ts'

const root = resolve(import.meta.dirname, '../../..')
const files = (folder: string) => readdirSync(join(root, folder)).map((name) => join(folder, name))
const documents = ['.', 'docs', 'packaging', 'native'].flatMap(files).filter((path) => path.endsWith('.md'))

/** A word in backticks that looks like a path of the checkout: below one of its folders. */
const folders = readdirSync(root, { withFileTypes: true }).flatMap((one) => (one.isDirectory() ? [one.name] : []))
/** What commands write, what a publisher adds, and the folder of an installed program. */
const made = /^(out|dist|node_modules|packaging\/update-key|resources\/(app\.asar|allow-))/

// Words in braces or with a star stand for several: `locales/{en,de}`, `locales/*/x.ts`.
function expanded(path: string): string[] {
  const [, before, words, after] = /^(.*?)\{([^}]*)\}(.*)$/.exec(path) ?? []
  return words === undefined ? [path] : words.split(',').flatMap((word) => expanded(`${before}${word}${after}`))
}
function isThere(path: string): boolean {
  const [above, below] = path.split(/\/\*(?:\/|$)/)
  if (below === undefined) return existsSync(join(root, path))
  return files(above!).some((one) => below === '' || existsSync(join(root, one, below)))
}

it('the map of the code in README.md names each folder of the main process, and no other', () => {
  const map = readFileSync(join(root, 'README.md'), 'utf8').split('## Map of the code')[1]!.split('```')[1]!
  const named = (indent: string) => [...map.matchAll(new RegExp(`^${indent}([a-z]+)/ `, 'gm'))].map(([, name]) => name!)
  const inMain = readdirSync(join(root, 'src/main'), { withFileTypes: true }).filter((one) => one.isDirectory())
  expect(named('   ').sort()).toEqual(inMain.map(({ name }) => name).sort())
  expect(named(' ').filter((name) => !folders.includes(name))).toEqual([])
})

describe.each(documents)('%s', (document) => {
  const text = readFileSync(join(root, document), 'utf8')
  const words = [...text.matchAll(/`([^`\n]+)`/g)].flatMap(([, quoted]) => quoted!.split(/\s+/))

  it('names files and folders that are there', () => {
    const paths = words
      .map((word) => word.replace(/[,;:)]+$/, ''))
      .filter((word) => folders.includes(word.split('/')[0]!) && word.includes('/') && !made.test(word))
    expect(paths.flatMap(expanded).filter((path) => !isThere(path))).toEqual([])
  })

  it('links to what is there', () => {
    const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!.split('#')[0]!)
    const here = targets.filter((target) => target !== '' && !/^\w+:/.test(target))
    expect(here.filter((target) => !existsSync(join(root, dirname(document), target)))).toEqual([])
  })

  it('names scripts of package.json and steps of the command that there are', async () => {
    const scripts = [...text.matchAll(/npm (?:run (?:--silent )?)?([a-z]+)/g)].map(([, name]) => name!)
    const ownOfNpm = ['install', 'ci', 'packages', 'package', 'itself', 'and', 'config', 'rebuild']
    expect(scripts.filter((name) => !(name in packageJson.scripts) && !ownOfNpm.includes(name))).toEqual([])
    for (const [, command, step] of text.matchAll(/concord (?:-- )?([a-z]+) ((?:roi |packet )?[a-z]+(?:-[a-z]+)*)?/g)) {
      const lines: string[] = []
      const io = { out: (line: string) => void lines.push(line), err: () => undefined }
      const code = await runCommand([command!, '--help'], io)
      // A word that is no command (a role or a database of this name), or what follows is no step.
      if (code !== 0 || step === undefined) continue
      const steps = lines.join('\n').includes(`concord ${command} ${step}`)
      expect({ command, step, steps }).toMatchObject({ steps: true })
    }
  })
})
