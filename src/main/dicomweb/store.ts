import { randomBytes } from 'node:crypto'
import { ConcordError } from '../domain/error.ts'
import type { Client } from './client.ts'
import { itemsOf, sequenceOf, textOf } from './json.ts'

/** Failure Reason (0008,1197) of an instance that is there already (PS3.4 GG.4.2: duplicate SOP instance). */
const THERE_ALREADY = 0x0111

/**
 * Stores one instance (STOW-RS, PS3.18 10.5). One that the PACS has already is no failure. Errors: of the network
 * (failures.ts), `pacs-not-stored`.
 */
export async function storeInstance(
  client: Client,
  instance: Buffer,
  uid: string,
  signal?: AbortSignal,
): Promise<void> {
  const boundary = `concord-${randomBytes(16).toString('hex')}`
  const bytes = Buffer.concat([
    Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\nContent-Length: ${instance.length}\r\n\r\n`),
    instance,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ])
  const answer = await client.ask(['studies'], {
    accept: 'application/dicom+json',
    body: { type: `multipart/related; type="application/dicom"; boundary=${boundary}`, bytes },
    also: [409],
    signal,
  })
  const [reply = {}] = await itemsOf(answer, client.limits.jsonBytes)
  const stored = sequenceOf(reply, '00081199').some((item) => textOf(item, '00081155') === uid)
  const failed = sequenceOf(reply, '00081198').find((item) => textOf(item, '00081155') === uid)
  const reason = Number(failed ? textOf(failed, '00081197') || NaN : NaN)
  if (stored || reason === THERE_ALREADY) return
  const code = Number.isInteger(reason) ? ` (reason ${reason.toString(16).padStart(4, '0')}H)` : ` (${answer.status})`
  throw new ConcordError('pacs-not-stored', `The PACS did not take the report${code}. Ask who looks after it.`)
}
