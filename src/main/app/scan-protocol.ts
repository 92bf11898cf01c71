import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { protocol } from 'electron'
import { ConcordError } from '../domain/error.ts'
import { readPart } from '../imaging/cache.ts'
import type { Session } from '../../preload/contract/accounts.ts'
import { pageOrigin } from './page-protocol.ts'

/** A reply may be read by our own page only. */
const cors = { 'access-control-allow-origin': pageOrigin, 'cache-control': 'no-store' }

/**
 * `scan://volume/<scan id>`, or `<preview id>~<row>` of what is not imported yet: the decoded volume as a stream, so that neither process ever holds a copy of it whole.
 * `?slices=middle` or `?slices=3,4`: its header and only these slices, so that the first picture does not wait for all.
 * @param volumePath the volume's file, if this person may see the scan; throws ConcordError otherwise.
 */
export function serveScans(
  currentSession: () => Session | null,
  volumePath: (caller: Session, scanId: string) => Promise<string>,
): void {
  protocol.handle('scan', async (request) => {
    const url = new URL(request.url)
    const caller = currentSession()
    if (url.host !== 'volume') return refusal(404, 'scan-unknown', 'There is no such scan.')
    if (!caller) return refusal(403, 'not-signed-in', 'Sign in first.')
    try {
      const path = await volumePath(caller, url.pathname.slice(1))
      const slices = url.searchParams.get('slices')
      if (slices !== null) {
        const part = await readPart(path, slices === 'middle' ? slices : slices.split(',').map(Number))
        return new Response(new Uint8Array(part), { headers: { ...cors, 'content-type': 'application/octet-stream' } })
      }
      const { size } = await stat(path)
      const stream = createReadStream(path, { highWaterMark: 1 << 20 })
      // Checked with Node's types alone and, for the tests, with the browser's: only the latter need this.
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-assertion
      return new Response(Readable.toWeb(stream) as unknown as ReadableStream, {
        headers: { ...cors, 'content-type': 'application/octet-stream', 'content-length': String(size) },
      })
    } catch (error) {
      if (error instanceof ConcordError) return refusal(403, error.code, error.message)
      return refusal(404, 'volume-missing', 'The pictures of this scan are missing on this machine. Import it again.')
    }
  })
}

function refusal(status: number, code: string, message: string): Response {
  return Response.json({ code, message }, { status, headers: cors })
}
