import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { patches, patchSource } from '../../../native/patches.mjs'

const binding = createRequire(import.meta.url).resolve('@tensorflow/tfjs-node/binding/tfjs_backend.cc')
const source = (name: string) => readFileSync(join(binding, '..', name), 'utf8')

describe('the patches of the addon', () => {
  it('take out what shared memory with V8, and lock the set of attribute names', () => {
    const patched = patchSource('tfjs_backend.cc', source('tfjs_backend.cc'))
    for (const gone of ['NapiAutoRef', 'TF_NewTensor(', 'DeallocTensor', 'auto_ref', ' TF_TString_Dealloc']) {
      expect(patched).not.toContain(gone)
    }
    const lock = patched.indexOf('lock(ATTR_NAME_MUTEX)')
    expect(lock).toBeGreaterThan(0)
    expect(patched.indexOf('ATTR_NAME_SET.insert')).toBeGreaterThan(lock)
  })

  it('export the allocator and give its memory back after the backend is gone', () => {
    const patched = patchSource('tfjs_binding.cc', source('tfjs_binding.cc'))
    expect(patched).toMatch(/delete reinterpret_cast<TFJSBackend \*>\(finalize_data\);\s+concord::TrimAllocator\(\);/)
    expect(patched).toMatch(/concord::ExportAllocator\(env, exports\);\s+return exports;/)
  })

  it('stop at a source that lacks a text, or has it twice, and name it', () => {
    for (const [name, list] of Object.entries(patches)) {
      const text = source(name)
      for (const { find } of list) {
        expect(() => patchSource(name, text.replace(find, ''))).toThrow(
          `${name} of @tensorflow/tfjs-node is not the one`,
        )
        expect(() => patchSource(name, text + find)).toThrow('occurs 2 times')
      }
    }
  })
})
