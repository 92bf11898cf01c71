import type { ByteSource } from './bytes.ts'
import { badFile } from './limits.ts'
import { readVaxFloat } from './scanco.ts'
import type { Triple } from './volume.ts'

/** What stands before the voxels of an AIM. */
export interface AimHeader {
  type: number
  position: number[]
  dims: Triple
  /** Voxels around the image that compressed data leaves out. */
  border: Triple
  spacing: Triple
  log: string
  dataOffset: number
  /** Bytes of an integer: 4 in version 020, 8 in version 030. */
  word: number
}

/** Errors: header-lies, file-truncated. */
export async function readAimHeader(source: ByteSource, size: number): Promise<AimHeader> {
  const { path } = source
  const start = await source.peek(256)
  const wide = start.toString('latin1', 0, 12) === 'AIMDATA_V030'
  const word = wide ? 8 : 4
  const at = (buffer: Buffer, offset: number) =>
    offset + word > buffer.length ? NaN : wide ? Number(buffer.readBigInt64LE(offset)) : buffer.readInt32LE(offset)
  const pre = wide ? 16 : 0
  const sizes = [0, 1, 2].map((i) => at(start, pre + i * word)) as Triple
  const dataOffset = pre + sizes[0] + sizes[1] + sizes[2]
  if (!sizes.every((n) => Number.isSafeInteger(n) && n >= 0) || sizes[1] < (wide ? 208 : 116) || sizes[2] > 1 << 24) {
    throw badFile('header-lies', path, 'has a damaged AIM header.')
  }
  if (dataOffset >= size) throw badFile('file-truncated', path, 'ends inside its header. Copy it again.')
  const header = await source.peek(dataOffset)
  const struct = pre + sizes[0]
  const typeAt = struct + (wide ? 12 : 20)
  const values = Array.from({ length: 9 }, (_, i) => at(header, typeAt + 4 + i * word))
  const view = new DataView(header.buffer, header.byteOffset, header.length)
  const elementAt = typeAt + 4 + 21 * word
  const spacing = [0, 1, 2].map((i) =>
    wide ? at(header, elementAt + 8 * i) * 1e-6 : readVaxFloat(view, elementAt + 4 * i),
  ) as Triple
  const log = header.toString('latin1', struct + sizes[1], dataOffset)
  return {
    ...{ type: header.readInt32LE(typeAt), position: values.slice(0, 3), dims: values.slice(3, 6) as Triple },
    ...{ spacing, log, dataOffset, word, border: values.slice(6, 9) as Triple },
  }
}

/** "Key   value" lines of the processing log; "!" starts a comment. */
export function logEntries(log: string): Map<string, string> {
  const entries = new Map<string, string>()
  for (const line of log.split(/[\r\n\0]+/)) {
    const match = /^(\S.*?)\s{2,}(.*\S)\s*$/.exec(line)
    if (match && !line.startsWith('!')) entries.set(match[1] as string, match[2] as string)
  }
  return entries
}

/** "14-AUG-2012 15:42:26.07" as ISO 8601 without a zone. */
export function vmsText(text: string | undefined): string | undefined {
  const match = /^\s*(\d{1,2})-([A-Z]{3})-(\d{4})\s+(\d\d):(\d\d):(\d\d)(?:\.(\d+))?/.exec(text ?? '')
  if (!match) return undefined
  const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
  const month = months.indexOf(match[2] as string) + 1
  if (month === 0) return undefined
  const two = (n: number | string) => String(n).padStart(2, '0')
  const ms = (match[7] ?? '').padEnd(3, '0').slice(0, 3)
  return `${match[3]}-${two(month)}-${two(match[1] as string)}T${match[4]}:${match[5]}:${match[6]}.${ms}`
}
