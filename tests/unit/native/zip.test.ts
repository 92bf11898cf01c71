import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, deflateRawSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { extractMember, listZip } from '../../../native/zip.mjs'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'concord-zip-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A zip archive as APPNOTE 4.3 lays it out; members with `extra` carry that many bytes of extra field. */
function zip(members: { name: string; data: Buffer; stored?: boolean; extra?: number }[], comment = ''): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, data, stored = false, extra = 0 } of members) {
    const packed = stored ? data : deflateRawSync(data)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(stored ? 0 : 8, 4)
    common.writeUInt32LE(crc32(data), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(data.length, 18)
    common.writeUInt16LE(Buffer.byteLength(name), 22)
    common.writeUInt16LE(extra, 24)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), Buffer.alloc(extra), packed])
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(offset, 10)
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, rest, Buffer.from(name), Buffer.alloc(extra))
    parts.push(local)
    offset += local.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(members.length, 8)
  end.writeUInt16LE(members.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(offset, 16)
  end.writeUInt16LE(comment.length, 20)
  return Buffer.concat([...parts, central, end, Buffer.from(comment)])
}

const long = Buffer.from('HR-pQCT '.repeat(50_000))

async function archive(content: Buffer): Promise<string> {
  const path = join(folder, 'a.zip')
  writeFileSync(path, content)
  return path
}

describe('reading a zip archive', () => {
  it('takes out single members, stored, deflated and empty, behind extra fields and before a comment', async () => {
    const members = [
      { name: 'first/long.txt', data: long, extra: 9 },
      { name: 'stored.bin', data: Buffer.from([1, 2, 3]), stored: true },
      { name: 'empty', data: Buffer.alloc(0), stored: true },
    ]
    const path = await archive(zip(members, 'a comment'))
    const listed = await listZip(path)
    expect(listed.map(({ name, size }) => [name, size])).toEqual([
      ['first/long.txt', long.length],
      ['stored.bin', 3],
      ['empty', 0],
    ])
    for (const [index, member] of listed.entries()) {
      const target = join(folder, 'out', String(index))
      let told = 0
      await extractMember(path, member, target, (bytes) => (told += bytes))
      expect(readFileSync(target).equals(members[index]!.data)).toBe(true)
      expect(told).toBe(member.size)
    }
  })

  it('refuses what is no archive, cut off, damaged or lies about a size', async () => {
    const whole = zip([{ name: 'long.txt', data: long }])
    await expect(listZip(await archive(Buffer.from('not a zip at all, but long enough')))).rejects.toThrow('not a zip')
    await expect(listZip(await archive(Buffer.alloc(0)))).rejects.toThrow('not a zip')
    await expect(listZip(await archive(whole.subarray(0, 500)))).rejects.toThrow('not a zip')
    const damaged = Buffer.from(whole)
    damaged.fill(0xff, 60, 200)
    const [member] = await listZip(await archive(damaged))
    await expect(extractMember(join(folder, 'a.zip'), member!, join(folder, 'out'))).rejects.toThrow()
    const [honest] = await listZip(await archive(whole))
    const lying = { ...honest!, size: honest!.size + 1 }
    await expect(extractMember(join(folder, 'a.zip'), lying, join(folder, 'out'))).rejects.toThrow('bytes unpacked')
  })
})
