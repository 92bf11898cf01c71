import { ConcordError } from '../domain/error.ts'

/**
 * Files in one, in the ustar format of POSIX 1003.1 (pax, "ustar Interchange Format"), which every `tar` opens: of each a
 * block of 512 bytes with name, size and checksum, then its content filled up to whole blocks; two empty blocks at the end.
 */
export const block = 512

/** @param files Names of at most 100 bytes, without folders that lead out. */
export function packTar(files: ReadonlyMap<string, Buffer>): Buffer {
  const parts: Buffer[] = []
  for (const [name, content] of files) {
    parts.push(tarHeader(name, content.length), content, Buffer.alloc((block - (content.length % block)) % block))
  }
  return Buffer.concat([...parts, Buffer.alloc(2 * block)])
}

/** The block before a file: for archives too large to be made in memory. @param size bytes, less than 8 GiB. */
export function tarHeader(name: string, size: number): Buffer {
  const header = Buffer.alloc(block)
  header.write(name, 0, 100)
  header.write('0000644\0', 100)
  header.write('0000000\0', 108)
  header.write('0000000\0', 116)
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124)
  // The same content gives the same file: no time of its own.
  header.write('00000000000\0', 136)
  header.write('        0', 148)
  header.write('ustar\x0000', 257)
  header.write(`${checksum(header).toString(8).padStart(6, '0')}\0 `, 148)
  return header
}

/** What such a block says; null at the archive's end. @throws ConcordError `archive-foreign`. */
export function parseTarHeader(header: Buffer): { name: string; size: number } | null {
  if (header.every((byte) => byte === 0)) return null
  const size = octal(header, 124, 12)
  const regular = header[156] === 0x30 || header[156] === 0
  if (header.toString('latin1', 257, 262) !== 'ustar' || size === null || !regular) throw foreign()
  if (octal(header, 148, 8) !== checksum(header)) throw foreign()
  return { name: header.toString('utf8', 0, 100).replace(/\0.*$/s, ''), size }
}

/** @throws ConcordError `archive-foreign` where the bytes are no such file, `archive-truncated` where they stop too early. */
export function unpackTar(bytes: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>()
  const truncated = (): ConcordError => new ConcordError('archive-truncated', 'The file is cut off.')
  for (let at = 0; ;) {
    const header = bytes.subarray(at, at + block)
    if (header.length < block) throw at === 0 ? foreign() : truncated()
    const entry = parseTarHeader(header)
    if (!entry) {
      if (bytes.length < at + 2 * block) throw truncated()
      return files
    }
    const { name, size } = entry
    const end = at + block + size
    if (end > bytes.length) throw truncated()
    if (files.has(name)) throw foreign()
    files.set(name, bytes.subarray(at + block, end))
    at = Math.ceil(end / block) * block
  }
}

const foreign = (): ConcordError => new ConcordError('archive-foreign', 'The file is no tar archive.')

/** Sum of the header's bytes, those of the checksum itself counted as blanks. */
function checksum(header: Buffer): number {
  let sum = 0
  for (let at = 0; at < block; at++) sum += at >= 148 && at < 156 ? 0x20 : header[at]!
  return sum
}

function octal(header: Buffer, at: number, length: number): number | null {
  const text = header
    .toString('latin1', at, at + length)
    .replace(/[\0 ]+$/, '')
    .trim()
  return /^[0-7]{1,11}$/.test(text) ? Number.parseInt(text, 8) : null
}
