/**
 * What the readers of a study are called where names are not told: A to Z; of more than 26 all have two letters (AA, AB, …), so
 * that they stand in the same order wherever names are sorted.
 */
export function readerLetters(count: number): string[] {
  const letter = (at: number): string => String.fromCharCode(65 + at)
  return Array.from({ length: count }, (_, at) =>
    count <= 26 ? letter(at) : `${letter(Math.floor(at / 26))}${letter(at % 26)}`,
  )
}
