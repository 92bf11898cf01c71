/** A unit as people write it. */
export function unitText(unit: string): string {
  return unit === 'mgHA/cm3' ? 'mg HA/cm³' : unit
}
