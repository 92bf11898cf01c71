/**
 * Warnings that say that a volume may not be what it looks like: it is loaded, the warning stays with it, and an import
 * takes it in only when somebody has said so. The others (an assumed unit, an unknown orientation) hold for whole formats.
 */
const grave: readonly RegExp[] = [
  / missing \(after slice /,
  /^The distance between slices is uneven/,
  /^The slices are tilted by /,
  /not numbers \(NaN or infinite\)/,
  / lie where another one lies and were left out/,
  /^The slices have no positions/,
  /^The file holds \d+ volumes; this is the first/,
  /^The file holds more data than its header declares/,
  /^The header calls this file type /,
  / off the right angle; shown as if/,
]

export const isGrave = (warning: string): boolean => grave.some((pattern) => pattern.test(warning))
