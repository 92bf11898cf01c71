import { ConcordError } from '../domain/error.ts'

const certificate =
  /^(CERT_|ERR_TLS_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED_CERT|UNABLE_TO_(GET_ISSUER|VERIFY)|INVALID_CA|ERR_SSL_|HOSTNAME_MISMATCH)/
const unreachable = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'EADDRNOTAVAIL'],
])

/** What went wrong on the way to a PACS or back, as a sentence. No address, no credential and no patient is named. */
export function networkError(error: unknown): ConcordError {
  if (error instanceof ConcordError) return error
  const code = (error as { code?: unknown } | null)?.code
  const text = typeof code === 'string' ? code : ''
  if (certificate.test(text))
    return new ConcordError(
      'pacs-certificate',
      `The certificate of the PACS is not trusted (${text}). Give the file of the authority that signed it, or have it renewed; nothing was sent.`,
    )
  if (unreachable.has(text))
    return new ConcordError('pacs-unreachable', `The PACS does not answer at its address (${text}). Is it running?`)
  if (text.startsWith('HPE_')) return wrongAnswer('in something that is no HTTP')
  return new ConcordError(
    'pacs-broken-off',
    `The PACS broke the connection off${text ? ` (${text})` : ''}. What was fetched is kept: go on when it is back.`,
  )
}

/** What a status that is no success means. */
export function statusError(status: number): ConcordError {
  if (status >= 300 && status < 400)
    return new ConcordError(
      'pacs-redirect',
      `The PACS sends us to another address (${status}). That is not followed, since the credential would go along: set the right address up.`,
    )
  if (status === 401 || status === 407)
    return new ConcordError('pacs-credential', `The PACS does not take this credential (${status}). Give it again.`)
  if (status === 403)
    return new ConcordError('pacs-forbidden', 'The PACS does not allow this (403). Ask who looks after it.')
  if (status === 404)
    return new ConcordError(
      'pacs-not-found',
      'The PACS does not have this (404). Check its address, then search again.',
    )
  if (status >= 500)
    return new ConcordError(
      'pacs-failing',
      `The PACS failed (${status}). Try again; if it stays, ask who looks after it.`,
    )
  return new ConcordError('pacs-refused', `The PACS refused the request (${status}).`)
}

export const wrongAnswer = (what: string): ConcordError =>
  new ConcordError('pacs-answer', `The PACS answered ${what}. Is this the address of its DICOMweb service?`)

export const truncated = (): ConcordError =>
  new ConcordError('pacs-truncated', 'The answer of the PACS ends too early. What came before is kept: go on.')

export const tooLarge = (): ConcordError =>
  new ConcordError('pacs-too-large', 'The answer of the PACS is larger than any such answer can be. It was cut off.')
