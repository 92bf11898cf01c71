import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCommand } from '../../../src/main/cli/run.ts'
import { ctSlice, dicomFile } from '../../fixtures/imaging/dicom.ts'
import { randomWholes, temporaryFolder } from '../../fixtures/imaging/folder.ts'
import { niftiInt16 } from '../../fixtures/imaging/nifti.ts'

async function run(...args: string[]): Promise<{ code: number; lines: Record<string, unknown>[]; err: string[] }> {
  const out: string[] = []
  const err: string[] = []
  const code = await runCommand(['inspect', ...args], { out: (line) => out.push(line), err: (line) => err.push(line) })
  return { code, lines: out.map((line) => JSON.parse(line) as Record<string, unknown>), err }
}
const values = randomWholes(60, -1000, 1000)

describe('concord inspect', () => {
  it('gives one line a volume, with values, digest and data', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'a.nii')
    writeFileSync(path, niftiInt16([5, 4, 3], [1, 1, 1], values))
    const out = join(folder, 'out')
    const { code, lines } = await run(path, '--at', '4,3,2', '--at', '0,0,0', '--digest', '--out', out)
    expect(code).toBe(0)
    const bytes = Buffer.from(Float32Array.from(values).buffer)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatchObject({
      ...{ path, kind: 'image', format: 'nifti', dims: [5, 4, 3], components: 1, spacing: [1, 1, 1], unit: 'raw' },
      ...{ origin: [0, 0, 0], direction: [-1, 0, 0, 0, -1, 0, 0, 0, 1], pixelType: 'int16', warnings: [] },
      ...{ min: Math.min(...values), max: Math.max(...values) },
      values: [
        { at: [4, 3, 2], value: values[59] },
        { at: [0, 0, 0], value: values[0] },
      ],
      sha256: createHash('sha256').update(bytes).digest('hex'),
    })
    expect(readFileSync(lines[0]?.['data'] as string)).toEqual(bytes)
  })

  it('names the series of a folder that holds several, and echoes the path as given', async () => {
    const folder = temporaryFolder()
    for (const [series, n] of [
      ['2.25.21', 2],
      ['2.25.22', 3],
    ] as const)
      // prettier-ignore
      for (let z = 0; z < n; z++) {
        const attributes = { ...ctSlice(2, 2, z), SeriesInstanceUID: series }
        writeFileSync(join(folder, `${series}-${z}`), dicomFile({ attributes, pixels: new Uint8Array(8) }))
      }
    const given = `${folder}/../${folder.split('/').at(-1)}`
    const { code, lines } = await run(given)
    expect(code).toBe(0)
    expect(lines.map((l) => l['path'])).toEqual([given, given])
    expect(lines.map((l) => [l['seriesInstanceUID'], (l['dims'] as number[])[2]]).sort()).toEqual([
      ['2.25.21', 2],
      ['2.25.22', 3],
    ])
  })

  it('lets a bad path stop no other, and gives 2 only where all are bad', async () => {
    const folder = temporaryFolder()
    const [good, bad] = [join(folder, 'a.nii'), join(folder, 'b.dcm')]
    writeFileSync(good, niftiInt16([5, 4, 3], [1, 1, 1], values))
    writeFileSync(bad, 'no scan')
    const mixed = await run(bad, good, join(folder, 'gone'))
    expect(mixed.code).toBe(0)
    expect(mixed.lines.map((l) => [l['path'], l['kind'], l['code']])).toEqual([
      [bad, 'reject', 'format-unknown'],
      [good, 'image', undefined],
      [join(folder, 'gone'), 'reject', 'file-missing'],
    ])
    expect((await run(bad)).code).toBe(2)
    mkdirSync(join(folder, 'empty'))
    const empty = await run(join(folder, 'empty'))
    expect([empty.code, empty.lines[0]?.['code']]).toEqual([2, 'folder-empty'])
  })

  it('says in one line what is wrong with its arguments', async () => {
    for (const args of [[], ['a.nii', '--at', '1,2'], ['a.nii', '--at', 'x,y,z'], ['a.nii', '--wrong']]) {
      const { code, lines, err } = await run(...args)
      expect([code, lines.length, err.length]).toEqual([2, 1, 1])
      expect(lines[0]).toEqual({ kind: 'reject', code: expect.stringMatching(/^no-file|bad-option$/), message: err[0] })
      expect(err[0]).not.toContain('\n')
    }
  })
})
