import { ConcordError } from './error.ts'

/** A header line longer than this is no header: the file is not CSV. */
const MAX_HEADER = 1 << 20

/** Decodes the pieces of a file as text: UTF-8, or UTF-16 where a byte-order mark says so; the mark is removed. */
export async function* textOf(source: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>) {
  let decoder: InstanceType<typeof TextDecoder> | null = null
  let first = true
  try {
    for await (const piece of source) {
      if (piece.length === 0) continue
      if (typeof piece === 'string') {
        yield first ? piece.replace(/^\uFEFF/, '') : piece
      } else {
        decoder ??= new TextDecoder(encodingOf(piece), { fatal: true })
        yield decoder.decode(piece, { stream: true })
      }
      first = false
    }
    if (decoder) yield decoder.decode()
  } catch (error) {
    if (error instanceof TypeError)
      throw new ConcordError('csv-encoding', 'The file is not UTF-8 text; save it as "CSV UTF-8" and try again.')
    throw error
  }
}

function encodingOf(piece: Uint8Array): string {
  if (piece[0] === 0xff && piece[1] === 0xfe) return 'utf-16le'
  if (piece[0] === 0xfe && piece[1] === 0xff) return 'utf-16be'
  return 'utf-8'
}

/**
 * The separator of the header line (comma, semicolon or tab: the one that occurs most outside quotes), and the text from
 * its start. `delimiter` is null where there is no text at all. Throws `csv-missing-column` for a line without end.
 */
export async function delimiterOf(
  pieces: AsyncGenerator<string>,
): Promise<{ delimiter: string | null; text: AsyncGenerator<string> }> {
  let start = ''
  let line = ''
  for (;;) {
    const next = await pieces.next()
    if (!next.done) start += next.value
    line = start.trimStart()
    if (next.done || /[\r\n]/.test(line)) break
    if (line.length > MAX_HEADER)
      throw new ConcordError('csv-missing-column', 'Row 1 has no end; the header must be subject,rater,grade.')
  }
  const bare = line.replace(/[\r\n][^]*$/, '').replace(/"[^"]*"/g, '')
  const counts = [',', ';', '\t'].map((mark) => bare.split(mark).length)
  const most = Math.max(...counts)
  const delimiter = line === '' ? null : [',', ';', '\t'][counts.indexOf(most)]!
  return { delimiter, text: resumed(start, pieces) }
}

async function* resumed(start: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  yield start
  yield* rest
}
