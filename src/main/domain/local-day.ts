const two = (n: number): string => String(n).padStart(2, '0')

/** The day of a moment as YYYY-MM-DD on the calendar of this machine, which is the reader's: in California a day of UTC ends at four in the afternoon. */
export function localDay(at: Date): string {
  return `${String(at.getFullYear())}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}
