import { blur } from './gaussian.ts'

/**
 * The picture sets of the 2021 paper on osteoporosis and majority voting (section 2.2, figure 4):
 *   N  the originals                                                                      174
 *   A  each rotated by 90 and by 270 degrees, contrast +30 % with brightness -30 %, and
 *      brightness +20 % with contrast -20 %                                               696
 *   B  A, and each of A sharpened by 50 %, radius 3                                      1392
 *   C  B and the originals                                                               1566
 * "Contrast adjustment was executed using histogram equalization technique": a contrast of +30 % goes 30 % of the way to the
 * equalised picture, one of -20 % goes 20 % of it away from there. Brightness multiplies. The paper does not say so more
 * closely. Sharpening is unsharp masking with a Gaussian of standard deviation 3 pixels.
 */
export type SetName = 'N' | 'A' | 'B' | 'C'

/** A square picture, values 0 to 1, row by row. */
export interface SquarePicture {
  edge: number
  pixels: Float32Array
}

/** What was done to an original, in the order of the sets. */
export const derivations = ['original', 'rotated-90', 'rotated-270', 'contrast', 'brightness'] as const
export type Derivation = (typeof derivations)[number]

export interface Derived {
  from: Derivation
  sharpened: boolean
}

const changed: readonly Derivation[] = ['rotated-90', 'rotated-270', 'contrast', 'brightness']
const plain = changed.map((from) => ({ from, sharpened: false }))
const sharp = changed.map((from) => ({ from, sharpened: true }))
const original = { from: 'original', sharpened: false } as const

/** What each original becomes in a set: 1, 4, 8 and 9 pictures. */
export const derivedIn: Readonly<Record<SetName, readonly Derived[]>> = {
  N: [original],
  A: plain,
  B: [...plain, ...sharp],
  C: [...plain, ...sharp, original],
}

/** Makes one derivative of an original; values stay within 0 to 1. */
export function derive(picture: SquarePicture, { from, sharpened }: Derived): SquarePicture {
  const changedPicture = change(picture, from)
  return sharpened ? sharpen(changedPicture, 0.5, 3) : changedPicture
}

function change(picture: SquarePicture, how: Derivation): SquarePicture {
  switch (how) {
    case 'original':
      return picture
    case 'rotated-90':
      return rotate(picture, 1)
    case 'rotated-270':
      return rotate(picture, 3)
    case 'contrast':
      return brighten(towardsEqualised(picture, 0.3), 0.7)
    case 'brightness':
      return towardsEqualised(brighten(picture, 1.2), -0.2)
  }
}

/** Quarter turns clockwise. */
export function rotate({ edge, pixels }: SquarePicture, turns: 1 | 2 | 3): SquarePicture {
  const turned = new Float32Array(pixels.length)
  const last = edge - 1
  for (let row = 0, at = 0; row < edge; row++) {
    for (let column = 0; column < edge; column++, at++) {
      const [y, x] =
        turns === 1 ? [last - column, row] : turns === 2 ? [last - row, last - column] : [column, last - row]
      turned[at] = pixels[y * edge + x]!
    }
  }
  return { edge, pixels: turned }
}

/** Multiplies the brightness, cut at 1. */
export function brighten({ edge, pixels }: SquarePicture, factor: number): SquarePicture {
  return { edge, pixels: pixels.map((value) => Math.min(1, value * factor)) }
}

/** Goes the share `amount` of the way to the picture whose histogram is even (256 grey levels), or away from it. */
export function towardsEqualised({ edge, pixels }: SquarePicture, amount: number): SquarePicture {
  const level = (value: number): number => Math.min(255, Math.floor(value * 256))
  const below = new Float64Array(256)
  for (const value of pixels) below[level(value)]! += 1
  for (let at = 1; at < 256; at++) below[at]! += below[at - 1]!
  const first = below.find((count) => count > 0) ?? 0
  const scale = pixels.length > first ? 1 / (pixels.length - first) : 0
  return {
    edge,
    pixels: pixels.map((value) => {
      const even = scale > 0 ? (below[level(value)]! - first) * scale : value
      return Math.min(1, Math.max(0, value + amount * (even - value)))
    }),
  }
}

/** Adds `amount` of the difference to the picture blurred by a Gaussian of standard deviation `radius` pixels. */
export function sharpen({ edge, pixels }: SquarePicture, amount: number, radius: number): SquarePicture {
  const smooth = blur({ width: edge, height: edge, pixels }, radius).pixels
  return {
    edge,
    pixels: pixels.map((value, at) => Math.min(1, Math.max(0, value + amount * (value - smooth[at]!)))),
  }
}
