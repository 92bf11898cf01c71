import type { Answer } from './client.ts'
import { tooLarge, wrongAnswer } from './failures.ts'

/** One data set in the DICOM JSON model (PS3.18 F.2): attributes by their tags, "00100020". */
export type Item = Record<string, unknown>

/** Reads an answer in DICOM JSON to its end; no content is no data set. Errors: `pacs-answer`, `pacs-too-large`. */
export async function itemsOf(answer: Answer, mostBytes: number): Promise<Item[]> {
  if (answer.status === 204) return []
  if (answer.type !== 'application/dicom+json' && answer.type !== 'application/json')
    throw wrongAnswer(
      answer.type ? `with ${plain(answer.type)} instead of DICOM in JSON` : 'with nothing that is DICOM',
    )
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of answer.body) {
    bytes += chunk.length
    if (bytes > mostBytes) throw tooLarge()
    chunks.push(chunk)
  }
  if (bytes === 0) return []
  let value: unknown
  try {
    value = JSON.parse(Buffer.concat(chunks).toString('utf8').trim() || '[]')
  } catch {
    throw wrongAnswer('with JSON that is damaged')
  }
  const list: unknown[] = Array.isArray(value) ? value : [value]
  if (!list.every(isItem)) throw wrongAnswer('with JSON that is no DICOM')
  return list
}

const isItem = (value: unknown): value is Item => typeof value === 'object' && value !== null && !Array.isArray(value)

const plain = (type: string): string => type.replace(/[^\w/+.-]/g, '').slice(0, 60)

function valuesOf(item: Item, tag: string): unknown[] {
  const element = item[tag]
  const values = isItem(element) ? element['Value'] : undefined
  return Array.isArray(values) ? (values as unknown[]) : []
}

/** An attribute as text, several values with backslashes between them; empty where it is missing. Of a name all groups. */
export function textOf(item: Item, tag: string): string {
  return valuesOf(item, tag)
    .map((value) => {
      if (isItem(value)) {
        const groups = ['Alphabetic', 'Ideographic', 'Phonetic'].map((group) => clean(value[group]))
        return groups.join('=').replace(/=+$/, '')
      }
      return clean(value)
    })
    .join('\\')
}

/** Text of a field of a PACS: no control characters, no endless lines. */
function clean(value: unknown): string {
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'string') return ''
  return value
    .replace(/[\u0000-\u001f\u007f]/g, '')
    .trim()
    .slice(0, 1024)
}

/** A whole number; null where it is missing or none. */
export function countOf(item: Item, tag: string): number | null {
  const number = Number(textOf(item, tag) || NaN)
  return Number.isSafeInteger(number) && number >= 0 ? number : null
}

export const sequenceOf = (item: Item, tag: string): Item[] => valuesOf(item, tag).filter(isItem)

/** A UID as DICOM allows it (PS3.5 9.1), or null: what a PACS calls one goes into addresses. */
export function uidOf(item: Item, tag: string): string | null {
  const uid = textOf(item, tag)
  return /^[0-9]+(\.[0-9]+)*$/.test(uid) && uid.length <= 64 ? uid : null
}
