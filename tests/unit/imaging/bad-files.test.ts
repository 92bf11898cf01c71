import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync, gzipSync } from 'node:zlib'
import { encode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { discover } from '../../../src/main/imaging/discover.ts'
import { ctSlice, dicomFile } from '../../fixtures/imaging/dicom.ts'
import { temporaryFolder } from '../../fixtures/imaging/folder.ts'
import { niftiFile, niftiInt16 } from '../../fixtures/imaging/nifti.ts'
import { codeOf, readBytes } from '../../fixtures/imaging/read.ts'
import { aimFile, isqFile } from '../../fixtures/imaging/scanco.ts'
import { tiff16 } from '../../fixtures/imaging/tiff.ts'

const zeros = Array<number>(60).fill(0)
const voxels = Int16Array.from(zeros)
const isq = isqFile({ dims: [5, 4, 3], microns: [300, 240, 180], voxels })
const dicom = dicomFile({ attributes: ctSlice(6, 8), pixels: new Uint8Array(96) })
const nifti = niftiInt16([5, 4, 3], [1, 1, 1], zeros)
const png = encode({
  width: 50,
  height: 50,
  channels: 1,
  depth: 16,
  data: Uint16Array.from({ length: 2500 }, (_, i) => i * 7),
})
const tiff = tiff16(7, 5, [new Uint16Array(35), new Uint16Array(35)])
const nrrd = Buffer.concat([
  Buffer.from('NRRD0004\ntype: int16\ndimension: 3\nsizes: 5 4 3\nencoding: raw\nendian: little\n\n'),
  Buffer.alloc(120),
])
const mha = Buffer.concat([
  Buffer.from('NDims = 3\nDimSize = 5 4 3\nElementType = MET_SHORT\nElementDataFile = LOCAL\n'),
  Buffer.alloc(120),
])
const aim = aimFile(true, 0x00020002, [5, 4, 3], 'Mu_Scaling   8192', Buffer.alloc(120))
const whole: [string, Uint8Array][] = [
  ['a.isq', isq],
  ['a.dcm', dicom],
  ['a.nii', nifti],
  ['a.nii.gz', gzipSync(nifti)],
  ['a.png', png],
  ['a.tif', tiff],
  ['a.nrrd', nrrd],
  ['a.mha', mha],
  ['a.aim', aim],
]
const read = (name: string, bytes: Uint8Array) => codeOf(readBytes(temporaryFolder(), name, bytes))

describe('bad files', () => {
  it.each(whole)('%s is read when it is whole', async (name, bytes) => {
    expect(await read(name, bytes)).toBe('read')
  })

  it.each(whole)('%s is refused when it ends early', async (name, bytes) => {
    for (const part of [0.5, 0.95]) {
      const code = await read(name, bytes.subarray(0, Math.floor(bytes.length * part)))
      expect(['file-truncated', 'header-lies', 'file-damaged']).toContain(code)
    }
  })

  it('an empty one and one of another kind', async () => {
    expect(await read('a.dcm', new Uint8Array(0))).toBe('file-empty')
    expect(await read('a.isq', Buffer.from('These are my notes of Tuesday.'))).toBe('format-unknown')
    const { refused } = await discover([join(temporaryFolder(), 'gone.isq')])
    expect(refused.map(({ error }) => error.code)).toEqual(['file-missing'])
  })

  it('2 GB declared in 1 KB', async () => {
    const huge = Buffer.from(isq)
    ;[1024, 1024, 1024].forEach((n, i) => huge.writeInt32LE(n, 44 + 4 * i))
    expect(await read('a.isq', huge)).toBe('header-lies')
    const big = { dims: [1024, 1024, 1024], spacing: [1, 1, 1], type: 4, bits: 16, bytes: new Uint8Array(700) }
    expect(await read('a.nii', niftiFile(big))).toBe('header-lies')
    expect(await read('a.nii.gz', gzipSync(niftiFile(big)))).toBe('header-lies')
    const frames = { ...ctSlice(20000, 20000), NumberOfFrames: '3' }
    expect(await read('a.dcm', dicomFile({ attributes: frames, pixels: new Uint8Array(700) }))).toBe('header-lies')
    const syntax = '1.2.840.10008.1.2.4.80'
    const jpegLs = dicomFile({ attributes: ctSlice(30000, 30000), syntax, pixels: [new Uint8Array(700)] })
    expect(['header-lies', 'too-large']).toContain(await read('b.dcm', jpegLs))
    const lying = Buffer.from(nrrd.toString('latin1').replace('5 4 3', '1024 1024 1024'), 'latin1')
    expect(await read('a.nrrd', lying)).toBe('header-lies')
    const lyingMha = Buffer.from(mha.toString('latin1').replace('5 4 3', '1024 1024 1024'), 'latin1')
    expect(await read('a.mha', lyingMha)).toBe('header-lies')
    expect(await read('a.aim', aimFile(true, 0x00020002, [1024, 1024, 1024], '', Buffer.alloc(500)))).toBe(
      'header-lies',
    )
    const lyingTiff = Buffer.from(tiff)
    // Width and height of the first directory, which follows the first strip.
    const directory = lyingTiff.readUInt32LE(4)
    lyingTiff.writeUInt16LE(32768, directory + 2 + 8)
    lyingTiff.writeUInt16LE(32768, directory + 14 + 8)
    expect(await read('a.tif', lyingTiff)).toBe('header-lies')
  })

  it('a gzip that inflates without end costs what its header declares', async () => {
    const endless = gzipSync(Buffer.concat([nifti, Buffer.alloc(80_000_000)]), { level: 9 })
    const before = process.memoryUsage().arrayBuffers
    expect(await read('a.nii.gz', endless)).toBe('read')
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000)
  })

  it('a PNG whose data is larger than its picture', async () => {
    const bomb = Buffer.from(png)
    const at = bomb.indexOf('IDAT')
    const data = deflateSync(Buffer.alloc(50_000_000))
    const chunk = Buffer.concat([Buffer.alloc(4), Buffer.from('IDAT'), data, Buffer.alloc(4)])
    chunk.writeUInt32BE(data.length)
    const { crc32 } = await import('node:zlib')
    chunk.writeUInt32BE(crc32(chunk.subarray(4, chunk.length - 4)), chunk.length - 4)
    const end = bomb.subarray(bomb.length - 12)
    expect(await read('a.png', Buffer.concat([bomb.subarray(0, at - 4), chunk, end]))).toBe('file-damaged')
  })

  it('more than one scan may need', async () => {
    const limit = { maxBytes: 100 }
    for (const [name, bytes] of whole) {
      expect(await codeOf(readBytes(temporaryFolder(), name, bytes, name === 'a.dcm' ? { maxBytes: 90 } : limit))).toBe(
        'too-large',
      )
    }
  })

  it('a gzipped header that is not a volume', async () => {
    expect(await read('a.nii.gz', gzipSync(Buffer.from('no volume')))).toBe('format-unknown')
  })

  it('a file and a folder without rights', async () => {
    const folder = temporaryFolder()
    chmodSync(folder, 0o755)
    writeFileSync(join(folder, 'a.isq'), isq)
    chmodSync(join(folder, 'a.isq'), 0)
    mkdirSync(join(folder, 'closed'))
    chmodSync(join(folder, 'closed'), 0)
    // Root may read everything: it looks as somebody else does.
    const root = process.geteuid?.() === 0
    if (root) process.seteuid?.(65534)
    try {
      const { sources, refused } = await discover([folder])
      expect(sources).toEqual([])
      expect(refused.map(({ error }) => error.code)).toEqual(['file-unreadable', 'file-unreadable'])
    } finally {
      if (root) process.seteuid?.(0)
      chmodSync(join(folder, 'closed'), 0o700)
    }
  })

  it('each says in one sentence what happened, naming the file without its folder', async () => {
    const folder = temporaryFolder()
    for (const [name, bytes] of whole) {
      const error = await readBytes(folder, name, bytes.subarray(0, Math.floor(bytes.length / 2))).catch(
        (e: Error) => e,
      )
      expect(error).toBeInstanceOf(Error)
      const { message } = error as Error
      expect(message).toMatch(new RegExp(`^${name.replace(/\./g, '\\.')} .+\\.$`))
      expect(message).not.toContain(folder)
    }
  })
})
