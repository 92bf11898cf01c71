const collator = new Intl.Collator('en', { numeric: true })

/** Orders names as people do (R2 before R10), and by code unit where that cannot tell them apart. */
export function byName(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0)
}
