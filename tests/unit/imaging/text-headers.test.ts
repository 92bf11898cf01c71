import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { randomWholes, temporaryFolder } from '../../fixtures/imaging/folder.ts'
import { codeOf, readBytes, readOne, valuesOf } from '../../fixtures/imaging/read.ts'

const values = randomWholes(60, -32768, 32767)
const little = Buffer.from(Int16Array.from(values).buffer)
const big = Buffer.from(little).swap16()

const nrrdHeader = (more: string[]): string =>
  ['NRRD0004', '# a comment', 'type: int16', 'dimension: 3', 'sizes: 5 4 3', ...more, '', ''].join('\n')
const placed = [
  'space: left-posterior-superior',
  'space directions: (0.3,0,0) (0,0.4,0) (0,0,0.5)',
  'space origin: (1,2,3)',
]

describe('NRRD', () => {
  it.each([
    ['raw', 'little', little],
    ['raw', 'big', big],
    ['gzip', 'little', gzipSync(little)],
  ])('is exact (%s, %s)', async (encoding, endian, data) => {
    const head = nrrdHeader([...placed, `encoding: ${encoding}`, `endian: ${endian}`])
    const volume = await readBytes(temporaryFolder(), 'a.nrrd', Buffer.concat([Buffer.from(head), data]))
    expect(volume).toMatchObject({ format: 'nrrd', dims: [5, 4, 3], spacing: [0.3, 0.4, 0.5], origin: [1, 2, 3] })
    expect(volume.direction).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1])
    expect(valuesOf(volume)).toEqual(values)
  })

  it('reads a detached header, and turns RAS to LPS', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'a.raw'), little)
    const space = ['space: RAS', 'space directions: (0.3,0,0) (0,0.4,0) (0,0,0.5)', 'space origin: (1,2,3)']
    writeFileSync(join(folder, 'a.nhdr'), nrrdHeader([...space, 'encoding: raw', 'endian: little', 'data file: a.raw']))
    const volume = await readOne(folder)
    expect(volume.origin).toEqual([-1, -2, 3])
    expect(volume.direction).toEqual([-1, 0, 0, 0, -1, 0, 0, 0, 1])
    expect(valuesOf(volume)).toEqual(values)
  })

  it('does not follow a header out of its folder', async () => {
    const header = nrrdHeader(['encoding: raw', 'endian: little', 'data file: ../../etc/hostname'])
    expect(await codeOf(readBytes(temporaryFolder(), 'a.nhdr', Buffer.from(header)))).toBe('format-refused')
    const absolute = nrrdHeader(['encoding: raw', 'endian: little', 'data file: /etc/hostname'])
    expect(await codeOf(readBytes(temporaryFolder(), 'a.nhdr', Buffer.from(absolute)))).toBe('file-missing')
  })
})

const mhaHeader = (file: string, more: string[] = []): string =>
  [
    ...['ObjectType = Image', 'NDims = 3', 'BinaryData = True', 'BinaryDataByteOrderMSB = False', ...more],
    ...['TransformMatrix = 0 1 0 -1 0 0 0 0 1', 'Offset = 1 2 3', 'ElementSpacing = 0.3 0.4 0.5', 'DimSize = 5 4 3'],
    ...['ElementType = MET_SHORT', `ElementDataFile = ${file}`, ''],
  ].join('\n')

describe('MetaImage', () => {
  it.each([
    ['plain', [], little],
    ['compressed', ['CompressedData = True'], deflateSync(little)],
    ['big endian', ['ElementByteOrderMSB = True'], big],
  ])('is exact (%s)', async (kind, more, data) => {
    const head = mhaHeader('LOCAL', more).replace(
      ...((kind === 'big endian' ? [/BinaryDataByteOrderMSB.*\n/, ''] : ['', '']) as [string | RegExp, string]),
    )
    const volume = await readBytes(temporaryFolder(), 'a.mha', Buffer.concat([Buffer.from(head), data]))
    expect(volume).toMatchObject({ format: 'mha', dims: [5, 4, 3], spacing: [0.3, 0.4, 0.5], origin: [1, 2, 3] })
    // The matrix lists the axes: the first axis is (0, 1, 0), the second (-1, 0, 0).
    expect(volume.direction).toEqual([0, -1, 0, 1, 0, 0, 0, 0, 1])
    expect(valuesOf(volume)).toEqual(values)
  })

  it('reads the raw file beside an .mhd, and refuses one elsewhere', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'a.raw'), little)
    writeFileSync(join(folder, 'a.mhd'), mhaHeader('a.raw'))
    expect(valuesOf(await readOne(folder))).toEqual(values)
    expect(await codeOf(readBytes(temporaryFolder(), 'b.mhd', Buffer.from(mhaHeader('../b.raw'))))).toBe(
      'format-refused',
    )
    expect(await codeOf(readBytes(temporaryFolder(), 'c.mhd', Buffer.from(mhaHeader('c.raw'))))).toBe('file-missing')
  })
})
