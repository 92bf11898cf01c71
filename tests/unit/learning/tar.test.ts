import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { packTar, unpackTar } from '../../../src/main/learning/tar.ts'

const files = new Map([
  ['first.json', Buffer.from('{"a":1}\n')],
  ['part/weights', Buffer.from(Uint8Array.from({ length: 1300 }, (_, i) => i % 251))],
  ['part/empty', Buffer.alloc(0)],
])
const packed = packTar(files)

it('is opened by the system’s own tar, byte for byte, and opens what that wrote', () => {
  const folder = mkdtempSync(join(tmpdir(), 'concord-tar-'))
  try {
    writeFileSync(join(folder, 'a.tar'), packed)
    execFileSync('tar', ['-xf', 'a.tar'], { cwd: folder })
    for (const [name, content] of files) expect(readFileSync(join(folder, name)).equals(content)).toBe(true)
    execFileSync('tar', ['--format=ustar', '-cf', 'b.tar', 'first.json', 'part/weights'], { cwd: folder })
    const again = unpackTar(readFileSync(join(folder, 'b.tar')))
    for (const [name, content] of again) expect(content.equals(files.get(name)!)).toBe(true)
    expect([...again.keys()]).toEqual(['first.json', 'part/weights'])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

it('is given back whole, or refused with a code wherever it was cut off', () => {
  expect([...unpackTar(packed)].map(([name, content]) => [name, content.toString('hex')])).toEqual(
    [...files].map(([name, content]) => [name, content.toString('hex')]),
  )
  for (let length = 0; length < packed.length; length += 37) {
    const code = length < 512 ? 'archive-foreign' : 'archive-truncated'
    expect(() => unpackTar(packed.subarray(0, length))).toThrow(expect.objectContaining({ code }))
  }
})

it('of other bytes never ends in anything but a refusal or files', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), fc.nat(packed.length - 1), fc.nat(255), (any, at, value) => {
      const changed = Buffer.from(packed)
      changed[at] = value
      for (const bytes of [Buffer.from(any), changed]) {
        try {
          unpackTar(bytes)
        } catch (error) {
          expect((error as { code: string }).code).toMatch(/^archive-/)
        }
      }
    }),
    { numRuns: 200 },
  )
})
