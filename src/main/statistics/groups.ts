import { APART, type Patients, UNKNOWN } from '../domain/agreement/rescan-figure.ts'
import type { Copy } from './copy.ts'
import type { Selection } from './selection.ts'

/** Groups of the selection's scans: for each scan the number of its group, and what the groups stand for. */
export interface Groups {
  of: Int32Array
  keys: number[]
}

/** By site, in the order in which they come first. */
export function sitesOf(copy: Copy, { scans }: Selection): Groups {
  const numbers = new Int32Array(copy.siteNames.length).fill(-1)
  const keys: number[] = []
  const of = scans.map((scan) => {
    const site = copy.site[scan]!
    if (numbers[site]! < 0) numbers[site] = keys.push(site) - 1
    return numbers[site]!
  })
  return { of, keys }
}

/** By the month of a scan's last vote, counted since the year 0, in their order. */
export function monthsOf({ lastDay }: Selection): Groups {
  const numbers = new Int32Array(1 << 16).fill(-1)
  for (let i = 0; i < lastDay.length; i += 1) numbers[lastDay[i]!] = 0
  const keys: number[] = []
  for (let day = 0; day < numbers.length; day += 1) {
    if (numbers[day]! < 0) continue
    const date = new Date(day * 86_400_000)
    const month = date.getUTCFullYear() * 12 + date.getUTCMonth()
    if (keys.at(-1) !== month) keys.push(month)
    numbers[day] = keys.length - 1
  }
  const of = new Int32Array(lastDay.length)
  for (let i = 0; i < of.length; i += 1) of[i] = numbers[lastDay[i]!]!
  return { of, keys }
}

export const monthText = (month: number): string =>
  `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`

/** Of the scans of one patient in one group: how many there are, times this, and how many stand apart. */
const SCAN = 1 << 16

/**
 * The patients of each group, by how many of their scans in it stand to the cut and how many of these apart. `standing`: how each
 * scan of the selection stands to the cut. One pass, patient after patient, counts for all groups.
 */
export function patientsOfGroups(
  copy: Copy,
  { place, columns }: Selection,
  { of, keys }: Groups,
  standing: Uint8Array,
): Patients[] {
  const patients = keys.map((): Patients => [])
  // Of the patient at hand: the groups met, and in each the scans that stand to the cut with those that stand apart.
  const met = new Int32Array(keys.length)
  const shared = new Int32Array(keys.length)
  const { byPatient } = columns
  for (let at = 0, groups = 0; at < byPatient.length; at += 1) {
    const scan = byPatient[at]!
    const i = place[scan]!
    if (i >= 0 && standing[i] !== UNKNOWN) {
      const group = of[i]!
      met[groups] = group
      groups += Number(shared[group] === 0)
      shared[group]! += SCAN + Number(standing[i] === APART)
    }
    if (at + 1 < byPatient.length && copy.patient[byPatient[at + 1]!] === copy.patient[scan]) continue
    for (; groups > 0; groups -= 1) {
      const group = met[groups - 1]!
      const known = shared[group]! >> 16
      ;(patients[group]![known] ??= new Int32Array(known + 1))[shared[group]! & (SCAN - 1)]! += 1
      shared[group] = 0
    }
  }
  return patients
}
