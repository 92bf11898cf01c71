import { inflateRawSync } from 'node:zlib'
import * as dicomParser from 'dicom-parser'
import type { DataSet } from 'dicom-parser'
import { messageOf, type ConcordError } from '../../domain/error.ts'
import { inflateError, openFile } from '../bytes.ts'
import { badFile } from '../limits.ts'

// A CommonJS package: Node gives it as the default export, a bundler as a namespace.
const { parseDicom } = (dicomParser as { default?: typeof dicomParser }).default ?? dicomParser

/** A parsed data set up to its pixel data, and what is needed to find the pixels. */
export interface ParsedDicom {
  path: string
  dataset: DataSet
  transferSyntax: string
  /** The bytes the data set's offsets refer to (inflated where the syntax is deflated). */
  bytes: Buffer
}

const PIXEL_DATA = 'x7fe00010'
const IMPLICIT = '1.2.840.10008.1.2'
const EXPLICIT = '1.2.840.10008.1.2.1'
const DEFLATED = '1.2.840.10008.1.2.1.99'

/** Enough for the header of nearly every slice; a longer one is read whole. */
const HEAD = 1 << 16

/** Deflated data sets are small reports and pictures; a bomb stops here. */
const MAX_INFLATED = 1 << 29

/** Whether the first bytes are DICOM, with the preamble (PS3.10 7.1) or without it, as old archives keep files. */
export function looksLikeDicom(head: Buffer): boolean {
  if (head.length >= 132 && head.toString('latin1', 128, 132) === 'DICM') return true
  return bareSyntax(head) !== null
}

/** The transfer syntax of a data set without preamble, guessed from its first element. */
function bareSyntax(head: Buffer): string | null {
  if (head.length < 16) return null
  const [group, element] = [head.readUInt16LE(0), head.readUInt16LE(2)]
  if ((group !== 0x0008 && group !== 0x0002) || element > 0x0020) return null
  if (/^(UL|UI|CS|SH|LO|DA|TM|OB)$/.test(head.toString('latin1', 4, 6))) return EXPLICIT
  return group === 0x0008 && head.readUInt32LE(4) < 256 ? IMPLICIT : null
}

/** The header of a file, reading only its start where that is enough. */
export async function parseHeaderOf(path: string): Promise<ParsedDicom> {
  const file = await openFile(path)
  try {
    if (file.size > HEAD) {
      const parsed = tryParse(path, await file.peek(HEAD))
      if (parsed && reachesPixels(parsed)) return parsed
    }
    return parseBytes(path, await file.peek(file.size))
  } finally {
    await file.close()
  }
}

/** The whole file, for decoding. */
export async function parseFile(path: string): Promise<ParsedDicom> {
  const file = await openFile(path)
  try {
    return parseBytes(path, await file.peek(file.size))
  } finally {
    await file.close()
  }
}

function reachesPixels({ dataset, transferSyntax }: ParsedDicom): boolean {
  return transferSyntax !== DEFLATED && dataset.elements[PIXEL_DATA] !== undefined
}

function tryParse(path: string, bytes: Buffer): ParsedDicom | null {
  try {
    return parseBytes(path, bytes)
  } catch {
    return null
  }
}

/** dicom-parser wants a Buffer: given a plain Uint8Array it fails on deflated files. */
function parseBytes(path: string, bytes: Buffer): ParsedDicom {
  const preamble = bytes.length >= 132 && bytes.toString('latin1', 128, 132) === 'DICM'
  // Without a preamble the meta group may still be there: put the missing 132 bytes before it.
  if (!preamble && bytes.length > 8 && bytes.readUInt16LE(0) === 0x0002) {
    const start = Buffer.alloc(132)
    start.write('DICM', 128, 'latin1')
    return parseBytes(path, Buffer.concat([start, bytes]))
  }
  const bare = preamble ? null : bareSyntax(bytes)
  try {
    return parseAs(path, bytes, bare)
  } catch (error) {
    const body = preamble ? bytes.subarray(metaEnd(bytes)) : null
    const other = body && bareSyntax(body)
    // Some writers name one encoding and use another, or name none: believe the first element.
    if (!body || !other) throw error
    const named = namedSyntax(bytes)
    if (named !== null && (named === DEFLATED || named === IMPLICIT || other === EXPLICIT)) throw error
    return { ...parseAs(path, body, other), transferSyntax: named ?? other }
  }
}

/** Where the file meta information (group 0002, always explicit little endian) ends. */
function metaEnd(bytes: Buffer): number {
  let at = 132
  while (at + 8 <= bytes.length && bytes.readUInt16LE(at) === 0x0002) {
    const long = /^(OB|UN|UT|SQ|OW)$/.test(bytes.toString('latin1', at + 4, at + 6))
    if (long && at + 12 > bytes.length) break
    at += long ? 12 + bytes.readUInt32LE(at + 8) : 8 + bytes.readUInt16LE(at + 6)
  }
  return Math.min(at, bytes.length)
}

/** The transfer syntax in the meta information, null where it is missing. */
function namedSyntax(bytes: Buffer): string | null {
  const head = bytes.subarray(0, metaEnd(bytes))
  const at = head.indexOf(Buffer.from([0x02, 0x00, 0x10, 0x00, 0x55, 0x49]), 132)
  if (at < 0 || at + 8 > head.length) return null
  return head.toString('latin1', at + 8, at + 8 + head.readUInt16LE(at + 6)).replace(/[\0 ]+$/, '') || null
}

function parseAs(path: string, bytes: Buffer, bare: string | null): ParsedDicom {
  const deflated: { bytes: Buffer | null; failure: ConcordError | null } = { bytes: null, failure: null }
  const inflater = (array: Uint8Array, position: number): Buffer => {
    try {
      const body = inflateRawSync(array.subarray(position), { maxOutputLength: MAX_INFLATED })
      deflated.bytes = Buffer.concat([array.subarray(0, position), body])
      return deflated.bytes
    } catch (error) {
      deflated.failure = inflateError(path, error)
      throw deflated.failure
    }
  }
  let dataset: DataSet
  try {
    dataset = parseDicom(bytes, {
      untilTag: PIXEL_DATA,
      inflater,
      ...(bare ? { TransferSyntaxUID: bare } : {}),
    })
  } catch (error) {
    if (deflated.failure) throw deflated.failure
    // dicom-parser throws strings, errors or either in an object; running past the end is what truncation looks like to it.
    const text = messageOf((error as { exception?: unknown }).exception ?? error)
    if (/past end|buffer|beyond|range/i.test(text)) {
      throw badFile('file-truncated', path, 'ends inside its DICOM header. Copy it again.')
    }
    throw badFile('file-damaged', path, 'has a DICOM header that cannot be read. Copy it again.')
  }
  const transferSyntax = bare ?? dataset.string('x00020010') ?? IMPLICIT
  return { path, dataset, transferSyntax, bytes: deflated.bytes ?? bytes }
}
