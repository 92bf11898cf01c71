import { tooLarge, truncated, wrongAnswer } from './failures.ts'

export interface Part {
  /** Names in lower case. */
  headers: ReadonlyMap<string, string>
  /** To be read before the next part; what is not read is passed over. */
  body: AsyncIterable<Buffer>
}

const MOST_HEADER = 16 << 10
const MOST_PREAMBLE = 64 << 10

/** The boundary that a Content-Type of multipart/related names (RFC 2046 5.1.1). Error: `pacs-answer`. */
export function boundaryOf(contentType: string): string {
  const found = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType)
  const boundary = found?.[1] ?? found?.[2]
  if (!boundary) throw wrongAnswer('in parts without saying what lies between them')
  return boundary
}

/**
 * The parts of a multipart/related body as they come; never more than one chunk of it is held. Errors: `pacs-truncated`
 * where the closing boundary is missing, `pacs-answer` where a part is not as long as it says, `pacs-too-large` for a
 * part of more than `mostBytes`.
 */
export async function* partsOf(
  stream: AsyncIterable<Buffer>,
  boundary: string,
  mostBytes: number,
): AsyncGenerator<Part, void, void> {
  const source = reader(stream)
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1')
  try {
    // The first boundary stands at the very beginning or behind a preamble.
    source.hold(Buffer.from('\r\n'))
    let before = 0
    for await (const chunk of source.until(delimiter)) {
      before += chunk.length
      if (before > MOST_PREAMBLE) throw wrongAnswer('with something that is not in the parts it announced')
    }
    for (;;) {
      const end = await source.take(2)
      if (end.equals(Buffer.from('--'))) return
      source.hold(end)
      const headers = headersIn(await source.line(Buffer.from('\r\n\r\n'), MOST_HEADER))
      const body = counted(source.until(delimiter), headers, mostBytes)
      yield { headers, body }
      for await (const _rest of body);
    }
  } finally {
    await source.end()
  }
}

/** The bytes of one part, counted; goes on where it was left. */
function counted(chunks: AsyncIterator<Buffer>, headers: ReadonlyMap<string, string>, most: number) {
  const said = headers.get('content-length')
  let bytes = 0
  const body = {
    async next(): Promise<IteratorResult<Buffer>> {
      const step = await chunks.next()
      if (step.done) {
        if (said !== undefined && Number(said) !== bytes)
          throw wrongAnswer(`with a part of ${bytes} bytes that says it has ${Number(said)}`)
        return { done: true, value: undefined }
      }
      bytes += step.value.length
      if (bytes > most) throw tooLarge()
      return step
    },
    [Symbol.asyncIterator]: () => body,
  }
  return body
}

function headersIn(text: Buffer): Map<string, string> {
  const headers = new Map<string, string>()
  for (const line of text.toString('latin1').split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim())
  }
  return headers
}

/** Reads a stream up to marks, holding back only what may be the beginning of one. */
function reader(stream: AsyncIterable<Buffer>) {
  const chunks = stream[Symbol.asyncIterator]()
  let held: Buffer = Buffer.alloc(0)

  /** Error: `pacs-truncated` at the end of the stream. */
  async function more(): Promise<void> {
    const step = await chunks.next()
    if (step.done) throw truncated()
    held = held.length === 0 ? step.value : Buffer.concat([held, step.value])
  }
  return {
    hold(bytes: Buffer): void {
      held = Buffer.concat([bytes, held])
    },
    async take(count: number): Promise<Buffer> {
      while (held.length < count) await more()
      const taken = held.subarray(0, count)
      held = held.subarray(count)
      return taken
    },
    /** Everything before the mark, and goes behind it. */
    async *until(mark: Buffer): AsyncGenerator<Buffer, void, void> {
      for (;;) {
        const at = held.indexOf(mark)
        if (at >= 0) {
          const last = held.subarray(0, at)
          held = held.subarray(at + mark.length)
          if (last.length > 0) yield last
          return
        }
        const sure = held.length - mark.length + 1
        if (sure > 0) {
          const chunk = held.subarray(0, sure)
          held = held.subarray(sure)
          yield chunk
        }
        await more()
      }
    },
    async line(mark: Buffer, most: number): Promise<Buffer> {
      while (held.indexOf(mark) < 0) {
        if (held.length > most) throw wrongAnswer('with a part whose header does not end')
        await more()
      }
      const at = held.indexOf(mark)
      const text = held.subarray(0, at)
      held = held.subarray(at + mark.length)
      return text
    },
    async end(): Promise<void> {
      await chunks.return?.()
    },
  }
}
