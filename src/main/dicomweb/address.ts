import { ConcordError } from '../domain/error.ts'

/** Where a PACS answers, and what is believed of it. */
export interface Address {
  /** The DICOMweb root, e.g. https://pacs.example/dicom-web */
  url: string
  /** Certificates (PEM) of an authority of the house's own, believed beside those of the system. */
  ca: string | null
  /** Somebody has allowed HTTP without TLS to another machine. */
  plain: boolean
}

/** What a PACS is shown to let us in. Kept in no log and no message. */
export type Credential =
  { kind: 'none' } | { kind: 'basic'; user: string; password: string } | { kind: 'token'; token: string }

/**
 * The address as a URL with a slash at its end. Errors: `pacs-url` for what is no http(s) URL or holds a credential,
 * a query or a fragment; `pacs-plain` for HTTP to another machine that nobody has allowed.
 */
export function rootOf({ url, plain }: Pick<Address, 'url' | 'plain'>): URL {
  const root = URL.canParse(url) ? new URL(url) : null
  if (!root || !/^https?:$/.test(root.protocol))
    throw new ConcordError('pacs-url', 'Give the whole address, such as https://pacs.example/dicom-web.', 'url')
  if (root.username || root.password || root.search || root.hash)
    throw new ConcordError('pacs-url', 'The address must hold no name, password, query or fragment.', 'url')
  if (root.protocol === 'http:' && !plain && !isLoopback(root.hostname))
    throw new ConcordError(
      'pacs-plain',
      'Without TLS (https) names of patients and the password would be readable on the network. Use https, or allow plain HTTP for this PACS.',
      'url',
    )
  if (!root.pathname.endsWith('/')) root.pathname += '/'
  return root
}

/** This machine itself: 127.0.0.0/8, ::1 and its name. */
const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
