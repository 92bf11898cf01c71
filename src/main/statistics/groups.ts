import { APART, type Patients, UNKNOWN } from '../domain/agreement/rescan-figure.ts'
import type { Copy } from './copy.ts'
import type { Selection } from './selection.ts'

/** Groups of the selection's scans: for each scan the number of its group, and what the groups stand for. */
export interface Groups {
  of: Int32Array
  keys: number[]
}

/** All in one. */
export const together = ({ scans }: Selection): Groups => ({ of: new Int32Array(scans.length), keys: [0] })

/** By site, in the order in which they come first. */
export function sitesOf(copy: Copy, { scans }: Selection): Groups {
  const numbers = new Int32Array(copy.siteNames.length).fill(-1)
  const keys: number[] = []
  const of = new Int32Array(scans.length)
  for (let i = 0; i < of.length; i += 1) {
    const site = copy.site[scans[i]!]!
    if (numbers[site]! < 0) numbers[site] = keys.push(site) - 1
    of[i] = numbers[site]!
  }
  return { of, keys }
}

/** By the month of a scan's last vote, counted since the year 0, in their order. */
export function monthsOf({ lastDay, columns }: Selection): Groups {
  const { first, count } = columns.days
  const there = new Uint8Array(count)
  for (let i = 0; i < lastDay.length; i += 1) there[lastDay[i]! - first] = 1
  const numbers = new Int32Array(there.length)
  const keys: number[] = []
  for (let day = 0; day < there.length; day += 1) {
    if (there[day] === 0) continue
    const date = new Date((first + day) * 86_400_000)
    const month = date.getUTCFullYear() * 12 + date.getUTCMonth()
    if (keys.at(-1) !== month) keys.push(month)
    numbers[day] = keys.length - 1
  }
  const of = new Int32Array(lastDay.length)
  for (let i = 0; i < of.length; i += 1) of[i] = numbers[lastDay[i]! - first]!
  return { of, keys }
}

export const monthText = (month: number): string =>
  `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`

/** The scans that stand to the cut, patient after patient. */
interface Standing {
  /** Their places in the selection. */
  scan: Int32Array
  /** 1: they stand apart. */
  apart: Uint8Array
  /** 1: the patient's last. */
  last: Uint8Array
}

/** `standing`: how each scan of the selection stands to the cut. */
export function standingByPatient(copy: Copy, { place, columns }: Selection, standing: Uint8Array): Standing {
  const { byPatient } = columns
  const scan = new Int32Array(standing.length)
  const apart = new Uint8Array(standing.length)
  const last = new Uint8Array(standing.length)
  let n = 0
  let patient = -1
  for (let at = 0; at < byPatient.length; at += 1) {
    const s = byPatient[at]!
    const i = place[s]!
    if (i < 0 || standing[i] === UNKNOWN) continue
    if (n > 0 && copy.patient[s] !== patient) last[n - 1] = 1
    patient = copy.patient[s]!
    scan[n] = i
    apart[n] = Number(standing[i] === APART)
    n += 1
  }
  if (n > 0) last[n - 1] = 1
  return { scan: scan.subarray(0, n), apart, last }
}

/** The patients of each group, by how many of their scans in it stand to the cut and how many of these apart. */
export function patientsOfGroups({ scan, apart, last }: Standing, { of, keys }: Groups): Patients[] {
  const patients = keys.map((): Patients => [])
  const take = (group: number, known: number, apart: number): void => {
    const kinds = (patients[group]![known] ??= new Int32Array(known + 1))
    kinds[apart]! += 1
  }
  // Of a patient with scans in several groups: these, and in each the scans that stand to the cut with those apart.
  const met = new Int32Array(keys.length)
  const scans = new Int32Array(keys.length)
  const scansApart = new Int32Array(keys.length)
  let groups = 0
  const putAside = (group: number, known: number, apart: number): void => {
    if (scans[group] === 0) met[groups++] = group
    scans[group]! += known
    scansApart[group]! += apart
  }
  for (let at = 0, group = -1, known = 0, own = 0; at < scan.length; at += 1) {
    const next = of[scan[at]!]!
    if (next !== group && known > 0) {
      putAside(group, known, own)
      known = own = 0
    }
    group = next
    known += 1
    own += apart[at]!
    if (last[at] === 0) continue
    if (groups === 0) take(group, known, own)
    else putAside(group, known, own)
    for (; groups > 0; groups -= 1) {
      const one = met[groups - 1]!
      take(one, scans[one]!, scansApart[one]!)
      scans[one] = scansApart[one] = 0
    }
    known = own = 0
  }
  return patients
}
