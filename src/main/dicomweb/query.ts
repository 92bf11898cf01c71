import type { Client } from './client.ts'
import { countOf, itemsOf, textOf, uidOf, type Item } from './json.ts'
import { ConcordError } from '../domain/error.ts'

const DICOM_JSON = 'application/dicom+json'

/** What is looked for; empty means any. A word stands for every text that holds it; `*` and `?` are taken as given. */
export interface Criteria {
  patientId: string
  patientName: string
  /** YYYY-MM-DD, both included; null: open. */
  from: string | null
  to: string | null
  modality: string
  description: string
}

export interface Study {
  uid: string
  patientId: string
  patientName: string
  birthDate: string | null
  date: string | null
  modalities: string[]
  description: string
  series: number | null
  instances: number | null
}

export interface Series {
  uid: string
  studyUid: string
  modality: string
  number: number | null
  description: string
  bodyPart: string
  instances: number | null
}

export interface Instance {
  uid: string
  sopClass: string
  number: number | null
}

/** Studies that fit, in the order of the PACS (QIDO-RS, PS3.18 10.6). */
export async function searchStudies(
  client: Client,
  criteria: Criteria,
  page: { offset: number; limit: number },
  signal?: AbortSignal,
): Promise<Study[]> {
  const wanted: [string, string][] = []
  const add = (name: string, value: string): void => {
    if (value !== '') wanted.push([name, value])
  }
  add('PatientID', criteria.patientId.trim())
  add('PatientName', holding(criteria.patientName))
  add('StudyDate', dates(criteria.from, criteria.to))
  add('ModalitiesInStudy', criteria.modality.trim().toUpperCase())
  add('StudyDescription', holding(criteria.description))
  const query = [...wanted, ...pageOf(page), ['includefield', '00081030'], ['includefield', '00080061']] as const
  const items = await ask(client, ['studies'], query, signal)
  return items.flatMap((item) => studyOf(item) ?? [])
}

/** The series of a study. @param bodyPart empty: any */
export async function seriesOf(
  client: Client,
  studyUid: string,
  bodyPart: string,
  signal?: AbortSignal,
): Promise<Series[]> {
  const part = bodyPart.trim().toUpperCase()
  const items = await paged(client, ['studies', studyUid, 'series'], signal, [
    ...(part ? ([['BodyPartExamined', part]] as const) : []),
    ...(['00180015', '0008103E', '00201209'] as const).map((tag) => ['includefield', tag] as const),
  ])
  const found = items.flatMap((item) => oneSeries(item, studyUid) ?? [])
  // A PACS may pass over a field that it does not search by.
  return part ? found.filter((series) => series.bodyPart === '' || series.bodyPart.toUpperCase() === part) : found
}

/** Every instance of a series, in order of their numbers. Error: `pacs-incomplete` where it lists fewer than it counts. */
export async function instancesOf(
  client: Client,
  studyUid: string,
  seriesUid: string,
  counted: number | null,
  signal?: AbortSignal,
): Promise<Instance[]> {
  const path = ['studies', studyUid, 'series', seriesUid, 'instances']
  const items = await paged(client, path, signal, [], counted ?? Infinity)
  const found = new Map<string, Instance>()
  for (const item of items) {
    const uid = uidOf(item, '00080018')
    if (uid) found.set(uid, { uid, sopClass: textOf(item, '00080016'), number: countOf(item, '00200013') })
  }
  if (found.size === 0 || found.size < (counted ?? 0))
    throw new ConcordError(
      'pacs-incomplete',
      `The PACS counts ${counted ?? 'some'} pictures in this series and lists ${found.size}. It was left out: try again later.`,
    )
  return [...found.values()].sort((a, b) => (a.number ?? 0) - (b.number ?? 0))
}

/** All attributes of one instance but its pixels (WADO-RS metadata, PS3.18 10.4.1.1.2). */
export async function metadataOf(
  client: Client,
  studyUid: string,
  seriesUid: string,
  instanceUid: string,
  signal?: AbortSignal,
): Promise<Item> {
  const path = ['studies', studyUid, 'series', seriesUid, 'instances', instanceUid, 'metadata']
  const [item] = await ask(client, path, [], signal)
  if (!item) throw new ConcordError('pacs-not-found', 'The PACS does not have this picture any more.')
  return item
}

async function ask(
  client: Client,
  path: readonly string[],
  query: readonly (readonly [string, string])[],
  signal: AbortSignal | undefined,
): Promise<Item[]> {
  return itemsOf(await client.ask(path, { accept: DICOM_JSON, query, signal }), client.limits.jsonBytes)
}

const PAGE = 1000
/** More instances than any series has; a PACS that lists more lists without end. */
const MOST = 100_000

/** All pages of a list; a PACS that does not know pages gives everything at once, and the second page is the first. */
async function paged(
  client: Client,
  path: readonly string[],
  signal: AbortSignal | undefined,
  query: readonly (readonly [string, string])[],
  enough = Infinity,
): Promise<Item[]> {
  const all: Item[] = []
  const seen = new Set<string>()
  for (;;) {
    const items = await ask(client, path, [...query, ...pageOf({ offset: all.length, limit: PAGE })], signal)
    const fresh = items.filter((item) => !seen.has(identity(item)))
    for (const item of fresh) seen.add(identity(item))
    all.push(...fresh)
    if (fresh.length === 0 || fresh.length < items.length || all.length >= enough) return all
    if (all.length > MOST) throw new ConcordError('pacs-too-large', 'The PACS lists without end. It was cut off.')
  }
}

const identity = (item: Item): string => textOf(item, '00080018') || textOf(item, '0020000E')

const pageOf = ({ offset, limit }: { offset: number; limit: number }): [string, string][] => [
  ['limit', String(limit)],
  ['offset', String(offset)],
]

const holding = (text: string): string => {
  const words = text.trim()
  return words === '' || /[*?]/.test(words) ? words : `*${words}*`
}

const dates = (from: string | null, to: string | null): string => {
  const [first, last] = [from, to].map((day) => day?.replaceAll('-', '') ?? '')
  return first === '' && last === '' ? '' : first === last ? first! : `${first}-${last}`
}

function studyOf(item: Item): Study | null {
  const uid = uidOf(item, '0020000D')
  if (!uid) return null
  return {
    uid,
    patientId: textOf(item, '00100020'),
    patientName: textOf(item, '00100010').replaceAll('^', ' ').trim(),
    birthDate: dayOf(textOf(item, '00100030')),
    date: dayOf(textOf(item, '00080020')),
    modalities: textOf(item, '00080061').split('\\').filter(Boolean),
    description: textOf(item, '00081030'),
    series: countOf(item, '00201206'),
    instances: countOf(item, '00201208'),
  }
}

function oneSeries(item: Item, studyUid: string): Series | null {
  const uid = uidOf(item, '0020000E')
  if (!uid) return null
  return {
    ...{ uid, studyUid },
    modality: textOf(item, '00080060'),
    number: countOf(item, '00200011'),
    description: textOf(item, '0008103E'),
    bodyPart: textOf(item, '00180015'),
    instances: countOf(item, '00201209'),
  }
}

/** 20240229 as 2024-02-29; null for what is no date. */
export function dayOf(date: string): string | null {
  const found = /^(\d{4})\.?(\d\d)\.?(\d\d)$/.exec(date)
  return found ? `${found[1]}-${found[2]}-${found[3]}` : null
}
