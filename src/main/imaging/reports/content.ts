import type { Element } from '../writers/dicom-elements.ts'
import { text } from '../writers/dicom-common.ts'

/** A coded concept: value, scheme, meaning (PS3.3 8.8). */
export type Code = readonly [value: string, scheme: string, meaning: string]

/** Where a content item stands to the one above it (PS3.3 table C.17.3-8). */
export type Relation = 'CONTAINS' | 'HAS OBS CONTEXT' | 'HAS CONCEPT MOD' | 'HAS ACQ CONTEXT'

/** A content item of a structured report (PS3.3 C.17.3) as the elements of its data set. */
export type Content = Element[]

const sequence = (tag: number, ...items: Element[][]): Element => ({ tag, vr: 'SQ', value: items })

/** The item of a code sequence; what SH and LO cannot hold is cut off. */
const codeItem = ([value, scheme, meaning]: Code): Element[] => [
  text(0x00080100, 'SH', value.slice(0, 16)),
  text(0x00080102, 'SH', scheme),
  text(0x00080104, 'LO', fitting(meaning)),
]

/** LO holds 64 characters; some readers count bytes, so that many it is. */
function fitting(meaning: string): string {
  let fits = ''
  for (const character of meaning) {
    if (Buffer.byteLength(fits + character) > 64) break
    fits += character
  }
  return fits
}

/** A code sequence in any element. */
export const coded = (tag: number, ...codes: Code[]): Element => sequence(tag, ...codes.map(codeItem))

const item = (type: string, concept: Code | null, value: Element[], below: readonly Content[]): Content => [
  text(0x0040a040, 'CS', type),
  ...(concept ? [coded(0x0040a043, concept)] : []),
  ...value,
  ...(below.length > 0 ? [sequence(0x0040a730, ...below)] : []),
]

/** A content item placed below another. */
export const as = (relation: Relation, content: Content): Content => [text(0x0040a010, 'CS', relation), ...content]

export const container = (concept: Code, ...below: Content[]): Content =>
  item('CONTAINER', concept, [text(0x0040a050, 'CS', 'SEPARATE')], below)

export const codeContent = (concept: Code, value: Code, ...below: Content[]): Content =>
  item('CODE', concept, [coded(0x0040a168, value)], below)

export const textContent = (concept: Code, value: string): Content =>
  item('TEXT', concept, [text(0x0040a160, 'UT', value)], [])

export const uidContent = (concept: Code, uid: string): Content =>
  item('UIDREF', concept, [text(0x0040a124, 'UI', uid)], [])

/** @param unit in UCUM */
export const numberContent = (concept: Code, value: number, unit: Code): Content =>
  item('NUM', concept, [sequence(0x0040a300, [text(0x0040a30a, 'DS', String(value)), coded(0x004008ea, unit)])], [])

export const imageContent = (sopClass: string, sopInstance: string): Content =>
  item('IMAGE', null, [sequence(0x00081199, reference(sopClass, sopInstance))], [])

/** The item that names an instance. */
export const reference = (sopClass: string, sopInstance: string): Element[] => [
  text(0x00081150, 'UI', sopClass),
  text(0x00081155, 'UI', sopInstance),
]

export { sequence }
