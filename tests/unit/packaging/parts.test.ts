import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { chromiumParts, collectParts, electronFolderOf, tensorflowParts } from '../../../packaging/parts/collect.ts'
import { closure, productPackages } from '../../../packaging/parts/packages.ts'
import { electronBinary, root } from '../../../scripts/lib/runtime.mjs'
import { external } from '../../../scripts/lib/external.ts'
import { notices } from '../../../scripts/notices.ts'

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>
}

describe('the parts of the program and their licences', () => {
  it('NOTICE.md lists what the lock file holds, no more and no less', async () => {
    expect(readFileSync(join(root, 'NOTICE.md'), 'utf8')).toBe(await notices())
  })

  it('every dependency and all that it needs is a part; build tools are none', () => {
    const names = new Set(productPackages(root).map(({ name }) => name))
    for (const name of Object.keys(manifest.dependencies)) expect(names).toContain(name)
    expect(names).toContain('google-protobuf')
    for (const tool of ['vite', 'vitest', 'typescript', 'eslint', '@playwright/test']) expect(names).not.toContain(tool)
  })

  it('every part has a licence or a text of its own, and none is named without words', () => {
    const parts = collectParts(root, electronFolderOf(electronBinary()))
    const own = parts.filter(({ of }) => of === 'concord')
    for (const { name, licence, text } of own) {
      expect(licence, name).toBeTruthy()
      expect(text.length, name).toBeGreaterThan(60)
    }
    for (const { name, text } of parts) expect(text, name).toBeTruthy()
    const of = (wanted: string) => new Set(parts.filter((part) => part.of === wanted).map(({ name }) => name))
    for (const name of ['Electron', 'V8 JavaScript Engine', 'ffmpeg', 'OpenJPEG', 'libjpeg-turbo'])
      expect(of('electron')).toContain(name)
    for (const name of ['TensorFlow', 'Eigen', 'onednn', 'protobuf']) expect(of('tensorflow')).toContain(name)
  })

  it('a package finds what it needs where Node would: two versions of one name are two parts', () => {
    const paths = closure(root, ['@tensorflow/tfjs-node'])
    const versions = paths.filter((path) => path.endsWith('node_modules/node-fetch'))
    expect(versions.length).toBeGreaterThan(1)
    for (const path of paths) expect(existsSync(join(root, path, 'package.json')), path).toBe(true)
    expect(external).toContain('@tensorflow/tfjs-node')
  })

  it('reads Chromium’s credits and TensorFlow’s notices part by part', () => {
    const html = '<div class="product"><span class="title">A &amp; B</span><pre>&lt;text&gt; &amp;lt;</pre></div>'
    expect(chromiumParts(`${html}<div class="product"><span class="title">C</span><pre>c</pre></div>`)).toEqual([
      { name: 'A & B', text: '<text> &lt;' },
      { name: 'C', text: 'c' },
    ])
    const rule = '-'.repeat(80)
    expect(tensorflowParts(`${rule}\n== One\n\nfirst\n${rule}\n== Two\n\nsecond\n------\nstill\n`)).toEqual([
      { name: 'One', text: 'first' },
      { name: 'Two', text: 'second\n------\nstill' },
    ])
  })
})
