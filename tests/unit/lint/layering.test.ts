import { ESLint } from 'eslint'
import { describe, expect, it } from 'vitest'

// The rule as the project's own configuration applies it, tried on planted files. Type-aware rules are left out: they
// would need the planted files on the disk.
const rule = 'concord/layering'
const bridge = 'no-restricted-properties'
const eslint = new ESLint({
  overrideConfig: { languageOptions: { parserOptions: { projectService: false, project: false } } },
  ruleFilter: ({ ruleId }) => ruleId === rule || ruleId === bridge,
})

async function messages(path: string, code: string): Promise<string[]> {
  const results = await eslint.lintText(code, { filePath: path })
  const found = results.flatMap((result) => result.messages)
  for (const one of found) if (one.ruleId !== rule && one.ruleId !== bridge) throw new Error(`${path}: ${one.message}`)
  return found.map((one) => one.message)
}

const vue = (code: string): string => `<script setup lang="ts">\n${code}\n</script>\n<template><p>a</p></template>\n`

describe('an import against the arrows is refused', () => {
  it.each([
    [
      'a store that imports a page',
      'src/renderer/stores/a.ts',
      "import Page from '../lead/Page.vue'",
      'stores must not',
    ],
    [
      'a page that reaches into the main process',
      'src/renderer/lead/a.ts',
      "import { kappa } from '../../main/domain/kappa.ts'",
      'domain',
    ],
    [
      'a page that takes more than types from the wiring',
      'src/renderer/a.ts',
      "import { allRoutes } from '../preload/contract/index.ts'",
      'only types',
    ],
    ['a page that takes the bridge itself', 'src/renderer/a.ts', 'void window.concord.program', 'Ask through'],
    ['a page that uses Node', 'src/renderer/a.ts', "import { readFileSync } from 'node:fs'", 'no Node'],
    ['a store that imports electron', 'src/renderer/stores/a.ts', "import { ipcRenderer } from 'electron'", 'electron'],
    [
      'the domain that imports the store',
      'src/main/domain/a.ts',
      "import { open } from '../store/database.ts'",
      'domain must not import store',
    ],
    [
      'the domain that imports only a type of the store',
      'src/main/domain/a.ts',
      "import type { Vote } from '../store/schema.ts'",
      'domain',
    ],
    ['the domain that re-exports', 'src/main/domain/a.ts', "export * from '../services/votes.ts'", 'services'],
    [
      'the domain that imports later',
      'src/main/domain/a.ts',
      "export const f = () => import('../services/votes.ts')",
      'services',
    ],
    [
      'the domain that imports a type inline',
      'src/main/domain/a.ts',
      "export type A = import('../store/schema.ts').Vote",
      'store',
    ],
    [
      'the store that calls a service',
      'src/main/store/a.ts',
      "import { votes } from '../services/votes.ts'",
      'services',
    ],
    [
      'imaging that calls learning',
      'src/main/imaging/a.ts',
      "import { train } from '../learning/train.ts'",
      'learning',
    ],
    ['a service that imports ipc', 'src/main/services/a.ts', "import { handle } from '../ipc/handle.ts'", 'ipc'],
    [
      'a service that imports electron',
      'src/main/services/a.ts',
      "import { dialog } from 'electron'",
      'without a window',
    ],
    [
      'a service that loads TensorFlow',
      'src/main/services/a.ts',
      "import * as tf from '@tensorflow/tfjs-node'",
      'TensorFlow',
    ],
    [
      'a service that opens the database itself',
      'src/main/services/a.ts',
      "import Database from 'better-sqlite3'",
      'store',
    ],
    ['ipc that queries the store', 'src/main/ipc/votes.ts', "import { rows } from '../store/votes.ts'", 'store'],
    [
      'the contract that imports the main process',
      'src/preload/contract/a.ts',
      "import { x } from '../../main/domain/a.ts'",
      'domain',
    ],
    [
      'a file from outside the program',
      'src/main/store/a.ts',
      "import { root } from '../../../scripts/lib/runtime.mjs'",
      'not part',
    ],
  ])('%s', async (_name, path, code, part) => {
    const found = await messages(path, code)
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(part)
  })
})

describe('an import along the arrows is accepted', () => {
  it.each([
    ['a page and its store', 'src/renderer/lead/Overview.vue', vue("import { useStudy } from '../stores/study.ts'")],
    ['a page and a schema', 'src/renderer/a.ts', "import { account } from '../preload/contract/accounts.ts'"],
    [
      'a page and a type of the wiring',
      'src/renderer/a.ts',
      "import type { Contract } from '../preload/contract/index.ts'",
    ],
    ['a page and the api', 'src/renderer/lead/Overview.vue', vue("import { api } from '../api.ts'")],
    ['a store and a function of a page', 'src/renderer/stores/a.ts', "import { pick } from '../reading/pick.ts'"],
    ['a store and the api', 'src/renderer/stores/a.ts', "import { api } from '../api.ts'"],
    ['the domain and itself', 'src/main/domain/agreement/a.ts', "import { ConcordError } from '../error.ts'"],
    ['a store and the domain', 'src/main/store/a.ts', "import { ConcordError } from '../domain/error.ts'"],
    ['the store and its driver', 'src/main/store/a.ts', "import Database from 'better-sqlite3'"],
    ['learning and TensorFlow', 'src/main/learning/a.ts', "import * as tf from '@tensorflow/tfjs-node'"],
    [
      'a service and all below it',
      'src/main/services/a.ts',
      "import { a } from '../store/a.ts'\nimport { b } from '../imaging/b.ts'",
    ],
    [
      'ipc and a service',
      'src/main/ipc/a.ts',
      "import { a } from '../services/a.ts'\nimport { ipcMain } from 'electron'",
    ],
    [
      'the app and everything',
      'src/main/app/a.ts',
      "import { a } from '../store/a.ts'\nimport { b } from '../ipc/b.ts'",
    ],
    ['a host and electron', 'src/main/imaging/utility-host.ts', "import { utilityProcess } from 'electron'"],
    ['the app and the manifest', 'src/main/app/a.ts', "import manifest from '../../../package.json'"],
    ['a test', 'tests/unit/a.test.ts', "import { a } from '../../src/main/store/a.ts'"],
  ])('%s', async (_name, path, code) => {
    expect(await messages(path, code)).toEqual([])
  })
})
