import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import { ConcordError } from '../../domain/error.ts'

/** Where a department's PostgreSQL listens. The password is no part of it: an address is shown and written down. */
export interface ServerAddress {
  host: string
  port: number
  database: string
  user: string
  /** False only on this computer itself. */
  tls: boolean
  /** The file of the authority that signed the server's certificate; null: those the system trusts. */
  authority: string | null
}

/**
 * Reads `postgres://USER@HOST[:PORT]/DATABASE[?sslrootcert=FILE]`. Beyond this computer the connection is encrypted and the
 * server's certificate checked against its name (`sslmode=verify-full`); nothing weaker is accepted.
 * Errors: `database-address`, `database-address-password`.
 */
export function parseAddress(text: string): ServerAddress {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !['postgres:', 'postgresql:'].includes(url.protocol)) throw wrong('It begins with postgres://.')
  if (url.password !== '')
    throw new ConcordError(
      'database-address-password',
      'Leave the password out of the address: it is kept apart. Write postgres://USER@HOST/DATABASE.',
      'address',
    )
  const host = decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1')
  const user = decodeURIComponent(url.username)
  const database = decodeURIComponent(url.pathname.slice(1))
  if (host === '' || user === '' || database === '' || database.includes('/'))
    throw wrong('It names a user, a host and a database: postgres://USER@HOST/DATABASE.')
  const here = isHere(host)
  let authority: string | null = null
  let tls = !here
  for (const [name, value] of url.searchParams) {
    if (name === 'sslrootcert') authority = value
    else if (name !== 'sslmode') throw wrong(`"${name}" is not known; there are sslmode and sslrootcert.`)
    else if (value === 'verify-full') tls = true
    else if (value !== 'disable' || !here)
      throw wrong('Beyond this computer the connection is sslmode=verify-full, and nothing weaker.')
  }
  return { host, port: url.port === '' ? 5432 : Number(url.port), database, user, tls, authority }
}

/** The address as it is kept and shown. */
export function addressText({ host, port, database, user, tls, authority }: ServerAddress): string {
  const url = new URL('postgres://host/')
  url.hostname = isIP(host) === 6 ? `[${host}]` : host
  url.username = user
  url.pathname = `/${encodeURIComponent(database)}`
  if (port !== 5432) url.port = String(port)
  if (tls && isHere(host)) url.searchParams.set('sslmode', 'verify-full')
  if (authority !== null) url.searchParams.set('sslrootcert', authority)
  return url.href
}

/** What Node's TLS is to check. Error: `database-tls` where the authority's file cannot be read. */
export function tlsOf({ tls, host, authority }: ServerAddress): ConnectionOptions | false {
  if (!tls) return false
  try {
    // `host`: an address of numbers must stand in the certificate too.
    return { host, rejectUnauthorized: true, ...(authority === null ? {} : { ca: readFileSync(authority) }) }
  } catch {
    throw new ConcordError('database-tls', `The file of the certificate authority cannot be read: ${authority ?? ''}`)
  }
}

const isHere = (host: string): boolean => host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)

const wrong = (why: string): ConcordError =>
  new ConcordError('database-address', `This is no address of a PostgreSQL database. ${why}`, 'address')
