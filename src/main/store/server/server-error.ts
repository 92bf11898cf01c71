import { ConcordError } from '../../domain/error.ts'

/** Of the network, and of a server that ends, starts or takes nobody more. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const gone = new Set(
  'ECONNREFUSED ECONNRESET EPIPE ETIMEDOUT EHOSTUNREACH EHOSTDOWN ENETUNREACH ENETDOWN ENOTFOUND EAI_AGAIN 25P03 53300 57P01 57P02 57P03'.split(
    ' ',
  ),
)
const goneWords = /^Connection terminated|timeout exceeded when trying to connect|connection error and is not queryable/
const tlsWords = /does not support SSL|^ERR_TLS|^CERT_|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|^DEPTH_ZERO|^ERR_SSL|EPROTO/

export const unreachable = (): ConcordError =>
  new ConcordError(
    'database-unreachable',
    'The department’s server cannot be reached. What was to be saved is not saved yet; everything saved before is safe on the server.',
  )

/**
 * What PostgreSQL or the way to it failed of, where a person can do something about it; every other error as it came. Codes:
 * `database-unreachable`, `database-refused`, `database-missing`, `database-tls`, `database-busy`, `database-read-only`,
 * `disk-full`.
 */
export function serverError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof ConcordError) return error
  const given = (error as { code?: unknown }).code
  const code = typeof given === 'string' ? given : ''
  if (gone.has(code) || code.startsWith('08') || goneWords.test(error.message)) return unreachable()
  if (tlsWords.test(code) || tlsWords.test(error.message))
    return new ConcordError(
      'database-tls',
      `The connection to the department’s server cannot be trusted (${code || error.message}). Nothing was sent. Ask for a certificate that names the server, or name the file of its authority in the address (sslrootcert).`,
    )
  if (['28P01', '28000', '42501'].includes(code) || error.message.includes('password must be a string'))
    return new ConcordError(
      'database-refused',
      'The department’s server refuses the database’s user or its password, or does not grant it this database. Check both.',
    )
  if (code === '3D000')
    return new ConcordError(
      'database-missing',
      'The department’s server has no database of this name. Ask whoever runs it to make one.',
    )
  if (['55P03', '40001', '40P01'].includes(code))
    return new ConcordError(
      'database-busy',
      'Others are writing to the department’s database. This was not saved; everything saved before is safe. Try again.',
    )
  if (code === '25006')
    return new ConcordError(
      'database-read-only',
      'The department’s database cannot be written to. This was not saved. Ask whoever runs the server.',
    )
  if (code === '53100')
    return new ConcordError(
      'disk-full',
      'The disk of the department’s server is full. This was not saved; everything saved before is safe.',
    )
  return error
}

/** A conflict with another transaction: nothing of this one is there, and it can simply be done again. */
export const isConflict = (error: unknown): boolean =>
  ['40001', '40P01'].includes((error as { code?: string }).code ?? '')
