import * as http from 'node:http'
import * as https from 'node:https'
import * as tls from 'node:tls'
import { ConcordError } from '../domain/error.ts'
import { rootOf, type Address, type Credential } from './address.ts'
import { networkError, statusError, truncated } from './failures.ts'

/** How long and how much a PACS may keep us busy with. */
export interface Limits {
  /** Longest silence, from the connection on. */
  silenceMs: number
  /** Longest time for one answer, however much it moves. */
  answerMs: number
  /** Bytes of an answer in JSON. */
  jsonBytes: number
  /** Bytes of one instance: DICOM itself allows 4 GiB of pixels. */
  instanceBytes: number
}
export const defaultLimits: Limits = {
  silenceMs: 60_000,
  answerMs: 30 * 60_000,
  jsonBytes: 64 << 20,
  instanceBytes: 4 * 2 ** 30,
}

export interface Asked {
  accept: string
  query?: readonly (readonly [string, string])[]
  body?: { type: string; bytes: Buffer }
  /** Statuses of failure that the caller reads itself. */
  also?: readonly number[]
  signal?: AbortSignal | undefined
}

export interface Answer {
  status: number
  /** Media type in lower case without parameters, and the whole header. */
  type: string
  contentType: string
  body: AsyncIterable<Buffer>
  /** Ends an answer that is not read. */
  drop(): void
}

export interface Client {
  limits: Limits
  /** @param path below the root, e.g. ['studies', uid] */
  ask(path: readonly string[], asked: Asked): Promise<Answer>
  close(): void
}

/** Requests of one series that are under way together. */
export const AT_ONCE = 4

/**
 * A client of one PACS over HTTP(S) on node's own modules: `fetch` knows no authority of the house's own. Redirects are
 * not followed, no proxy and no cookie is used, and every answer is a stream.
 */
export function createClient(address: Address, credential: Credential, some: Partial<Limits> = {}): Client {
  const limits = { ...defaultLimits, ...some }
  const root = rootOf(address)
  const secure = root.protocol === 'https:'
  const agent = secure
    ? new https.Agent({ keepAlive: true, maxSockets: AT_ONCE, ca: authorities(address.ca), rejectUnauthorized: true })
    : new http.Agent({ keepAlive: true, maxSockets: AT_ONCE })

  function ask(path: readonly string[], asked: Asked): Promise<Answer> {
    const url = new URL(path.map(encodeURIComponent).join('/'), root)
    for (const [name, value] of asked.query ?? []) url.searchParams.append(name, value)
    // DICOMweb servers read a plus as a plus.
    url.search = url.search.replaceAll('+', '%20')
    const late = AbortSignal.timeout(limits.answerMs)
    const signal = asked.signal ? AbortSignal.any([asked.signal, late]) : late
    return new Promise((resolve, reject) => {
      // A response that is cut off by us says only that it was cut off.
      let quiet = false
      const reason = (error: unknown): ConcordError => (quiet ? silent() : reasonOf(error, asked.signal, late))
      const request = (secure ? https : http).request(url, {
        ...{ agent, signal, method: asked.body ? 'POST' : 'GET', timeout: limits.silenceMs },
        headers: {
          accept: asked.accept,
          ...authorization(credential),
          ...(asked.body ? { 'content-type': asked.body.type, 'content-length': asked.body.bytes.length } : {}),
        },
      })
      request.on('timeout', () => {
        quiet = true
        request.destroy()
      })
      request.on('error', (error) => reject(reason(error)))
      request.on('response', (response) => {
        const status = response.statusCode ?? 0
        if ((status < 200 || status > 299) && !asked.also?.includes(status)) {
          response.destroy()
          return reject(statusError(status))
        }
        const contentType = response.headers['content-type'] ?? ''
        const type = contentType.split(';')[0]!.trim().toLowerCase()
        resolve({
          ...{ status, type, contentType, drop: () => void response.destroy() },
          body: bodyOf(response, reason),
        })
      })
      request.end(asked.body?.bytes)
    })
  }
  return { limits, ask, close: () => agent.destroy() }
}

/** Everybody's authorities, the system's and the house's own. */
function authorities(own: string | null): string[] {
  return [...new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system'), ...(own ? [own] : [])])]
}

function authorization(credential: Credential): Record<string, string> {
  if (credential.kind === 'none') return {}
  if (credential.kind === 'token') return { authorization: `Bearer ${credential.token}` }
  const pair = Buffer.from(`${credential.user}:${credential.password}`, 'utf8').toString('base64')
  return { authorization: `Basic ${pair}` }
}

async function* bodyOf(
  response: http.IncomingMessage,
  reason: (error: unknown) => ConcordError,
): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of response) yield chunk as Buffer
  } catch (error) {
    // What the reader of the body throws does not come by here: this is the connection.
    throw response.complete ? error : reason(error)
  }
  if (!response.complete) throw truncated()
}

const silent = (): ConcordError =>
  new ConcordError('pacs-timeout', 'The PACS has stopped answering. What was fetched is kept: go on when it is back.')

function reasonOf(error: unknown, asked: AbortSignal | undefined, late: AbortSignal): ConcordError {
  if (asked?.aborted) return new ConcordError('cancelled', 'This was stopped.')
  if (late.aborted) return silent()
  return networkError(error)
}
