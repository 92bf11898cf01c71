import type { IncomingMessage } from 'node:http'
import { get } from 'node:https'
import { getCACertificates } from 'node:tls'
import { ConcordError } from '../../domain/error.ts'

/** How long a server may keep us waiting, in milliseconds. */
export interface Patience {
  /** For the next byte. */
  silence: number
  /** For the whole file: a server that drips is given up in the end. */
  whole: number
}
const patient: Patience = { silence: 30_000, whole: 3_600_000 }

/**
 * Gives what asks for the bytes of a file below an https address. Asked only when an administrator presses the button; never by
 * itself. Certificates are those that come with the program and those that the system trusts, as of a department's own authority.
 * Redirections are not followed: another place is the administrator's to name.
 * Errors, while the bytes are read: `update-unreachable`, `update-missing`, `update-redirect`, `update-certificate`,
 * `update-slow`, `update-broken-off`.
 */
export function fetcher(address: string, patience = patient): (name: string) => AsyncGenerator<Buffer> {
  const ca = [...new Set([...getCACertificates('default'), ...getCACertificates('system')])]
  const base = new URL(address.endsWith('/') ? address : `${address}/`)
  return async function* (name) {
    let late = false
    let begun = false
    const request = get(new URL(name, base), { ca, agent: false, timeout: patience.silence })
    const giveUp = (): void => {
      late = true
      request.destroy(new Error('late'))
    }
    request.on('timeout', giveUp)
    const whole = setTimeout(giveUp, patience.whole)
    try {
      const reply = await new Promise<IncomingMessage>((resolve, reject) => {
        request.on('response', resolve)
        request.on('error', reject)
      })
      if (reply.statusCode !== 200) throw refused(reply, base, name)
      begun = true
      for await (const chunk of reply) yield chunk as Buffer
    } catch (error) {
      throw late ? slow(base.host) : failed(error, base.host, begun)
    } finally {
      clearTimeout(whole)
      request.destroy()
    }
  }
}

/** What Node says of certificates that do not hold. */
const certificate =
  /^(CERT_|ERR_TLS_CERT|ERR_SSL_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED_CERT|UNABLE_TO_(GET_ISSUER|VERIFY)|INVALID_CA|HOSTNAME_MISMATCH)/
const whyNot: Record<string, string> = {
  CERT_HAS_EXPIRED: 'has expired',
  CERT_NOT_YET_VALID: 'is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'names another server',
}

function failed(error: unknown, host: string, begun: boolean): ConcordError {
  if (error instanceof ConcordError) return error
  const given = (error as { code?: unknown } | null)?.code
  const code = typeof given === 'string' ? given : ''
  if (certificate.test(code))
    return new ConcordError(
      'update-certificate',
      `The certificate of ${host} ${whyNot[code] ?? 'is from an authority that this machine does not trust'} (${code}). Nothing was fetched. Ask whoever looks after that server.`,
    )
  if (begun)
    return new ConcordError(
      'update-broken-off',
      `The server ${host} broke off before the whole file was here. Nothing of it was kept. Look again.`,
    )
  return new ConcordError(
    'update-unreachable',
    `The place for updates, ${host}, cannot be reached${code ? ` (${code})` : ''}. Check the address and the network, then look again.`,
  )
}

function refused({ statusCode = 0, headers }: IncomingMessage, base: URL, name: string): ConcordError {
  const to = headers.location ?? ''
  if (statusCode >= 300 && statusCode < 400 && to)
    return new ConcordError(
      'update-redirect',
      `The server ${base.host} sends us to another address${URL.canParse(to, base.href) ? ` (${new URL(to, base).host})` : ''}. That is not followed: name the right place.`,
    )
  return new ConcordError(
    'update-missing',
    `The server ${base.host} does not give us ${name} (answer ${statusCode}). Check the place, then look again.`,
  )
}

const slow = (host: string): ConcordError =>
  new ConcordError(
    'update-slow',
    `The server ${host} is too slow or has stopped answering. Nothing of it was kept. Look again later.`,
  )
