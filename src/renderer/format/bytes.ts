/** "830 kB", "12 MB", "4.1 GB": two or three figures, in thousands as disks count. */
export function byteSize(bytes: number, language: string): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let at = 0
  let value = bytes
  while (value >= 999.5 && at < units.length - 1) {
    value /= 1000
    at++
  }
  return `${value.toLocaleString(language, { maximumSignificantDigits: value < 10 ? 2 : 3 })} ${units[at]!}`
}
