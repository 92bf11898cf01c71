// Takes single files out of a zip archive without unpacking the rest and without a program for it (PKWARE APPNOTE 4.3).
import { createWriteStream } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createInflateRaw } from 'node:zlib'

const END_OF_CENTRAL_DIRECTORY = 0x06054b50
const CENTRAL_HEADER = 0x02014b50
const LOCAL_HEADER = 0x04034b50
const STORED = 0
const DEFLATED = 8

async function read(file, position, length) {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position)
  if (bytesRead !== length) throw new Error('the archive ends too early')
  return buffer
}

/** The members of the archive: name, packed and unpacked size in bytes, method, and where its local header lies. */
export async function listZip(path) {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    // The end record is 22 bytes and a comment of up to 65535.
    const tailLength = Math.min(size, 22 + 0xffff)
    const tail = await read(file, size - tailLength, tailLength)
    let end = tail.length - 22
    while (end >= 0 && tail.readUInt32LE(end) !== END_OF_CENTRAL_DIRECTORY) end--
    if (end < 0) throw new Error('not a zip archive')
    const count = tail.readUInt16LE(end + 10)
    const directoryStart = tail.readUInt32LE(end + 16)
    // 0xffff and 0xffffffff announce the 64-bit format, which no pinned archive needs.
    if (count === 0xffff || directoryStart === 0xffffffff) throw new Error('a 64-bit zip archive is not supported')
    const directory = await read(file, directoryStart, tail.readUInt32LE(end + 12))
    const members = []
    for (let at = 0, i = 0; i < count; i++) {
      if (directory.readUInt32LE(at) !== CENTRAL_HEADER) throw new Error('the directory of the archive is damaged')
      const nameLength = directory.readUInt16LE(at + 28)
      members.push({
        name: directory.toString('utf8', at + 46, at + 46 + nameLength),
        method: directory.readUInt16LE(at + 10),
        packed: directory.readUInt32LE(at + 20),
        size: directory.readUInt32LE(at + 24),
        offset: directory.readUInt32LE(at + 42),
      })
      at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
    }
    return members
  } finally {
    await file.close()
  }
}

/** Writes one member to `target`; `onBytes` is told how many unpacked bytes were just written. */
export async function extractMember(path, member, target, onBytes = () => {}) {
  await mkdir(dirname(target), { recursive: true })
  const file = await open(path)
  try {
    const header = await read(file, member.offset, 30)
    if (header.readUInt32LE(0) !== LOCAL_HEADER) throw new Error(`${member.name}: damaged in the archive`)
    if (member.method !== STORED && member.method !== DEFLATED) throw new Error(`${member.name}: unknown compression`)
    const start = member.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
    let written = 0
    const count = new Transform({
      transform(chunk, _encoding, done) {
        written += chunk.length
        onBytes(chunk.length)
        done(null, chunk)
      },
    })
    if (member.packed === 0) await pipeline([], createWriteStream(target))
    else {
      const packed = file.createReadStream({
        start,
        end: start + member.packed - 1,
        autoClose: false,
        highWaterMark: 1 << 20,
      })
      const steps =
        member.method === DEFLATED ? [packed, createInflateRaw({ chunkSize: 1 << 20 }), count] : [packed, count]
      await pipeline([...steps, createWriteStream(target)])
    }
    if (written !== member.size) throw new Error(`${member.name}: ${written} bytes unpacked, ${member.size} expected`)
  } finally {
    await file.close()
  }
}
