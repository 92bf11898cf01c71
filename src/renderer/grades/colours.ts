import type { Scale } from '../../preload/contract/common.ts'

// One colour scale for grades, everywhere. Blue below the re-scan cut, orange to red from it on: the pair that people with
// protanopia, deuteranopia and tritanopia tell apart (Okabe and Ito 2008). Lightness falls with each grade, so the order also
// survives grey print. Colour never speaks alone: a grade is always written, and the cut is a line and a word.

type Rgb = readonly [number, number, number]

const keep: readonly [Rgb, Rgb] = [
  [220, 235, 247],
  [106, 169, 216],
]
const rescan: readonly [Rgb, Rgb] = [
  [221, 107, 47],
  [178, 58, 30],
]
/** The darkest blue, reached only by scales without a cut. */
const deep: Rgb = [46, 98, 150]

/** "Cannot be graded" is no point of the scale: a neutral grey. */
export const cannotColour = '#8b9197'

const blend = (a: Rgb, b: Rgb, t: number): Rgb => [0, 1, 2].map((i) => a[i]! + (b[i]! - a[i]!) * t) as unknown as Rgb
const hex = (rgb: Rgb): string => '#' + rgb.map((c) => Math.round(c).toString(16).padStart(2, '0')).join('')
const spaced = (from: Rgb, to: Rgb, count: number): Rgb[] =>
  Array.from({ length: count }, (_, i) => blend(from, to, count === 1 ? 0.5 : i / (count - 1)))

/** A colour for each grade of the scale, lowest first, as #rrggbb. */
export function gradeColours(scale: Scale): string[] {
  if (scale.grades.some((grade) => grade.colour)) return ownColours(scale)
  const below = scale.rescanFrom === null ? scale.grades : scale.grades.filter((g) => g.value < scale.rescanFrom!)
  const above = scale.grades.length - below.length
  const blues = spaced(keep[0], scale.rescanFrom === null ? deep : keep[1], below.length)
  return [...blues, ...spaced(rescan[0], rescan[1], above)].map(hex)
}

/** A department's own colours; a grade without one has the colour it would have in a scale without own colours. */
function ownColours(scale: Scale): string[] {
  const plain = scale.grades.map(({ value, word, description }) => ({ value, word, description }))
  const delivered = gradeColours({ ...scale, grades: plain })
  return scale.grades.map((grade, i) => grade.colour ?? delivered[i]!)
}

/** The colour of one grade; the grey of "cannot be graded" for null or a grade the scale does not have. */
export function gradeColour(scale: Scale, grade: number | null): string {
  const at = scale.grades.findIndex((g) => g.value === grade)
  return gradeColours(scale)[at] ?? cannotColour
}

/** Whether a grade means "scan again". */
export function isRescan(scale: Scale, grade: number | null): boolean {
  return grade !== null && scale.rescanFrom !== null && grade >= scale.rescanFrom
}

/** Relative luminance of #rrggbb after WCAG 2.2: 0 black, 1 white. */
export function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const c = Number.parseInt(colour.slice(i, i + 2), 16) / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
}

/** Black or white, whichever stands out more: at least 4.58 to 1 on any colour. */
export function inkOn(colour: string): string {
  const l = luminance(colour)
  return (l + 0.05) / 0.05 >= 1.05 / (l + 0.05) ? '#000000' : '#ffffff'
}
