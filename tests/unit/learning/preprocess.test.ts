import { describe, expect, it } from 'vitest'
import { augmenter, place, rotate } from '../../../src/main/learning/augment.ts'
import { blur } from '../../../src/main/domain/gaussian.ts'
import { checkPixels, equallySpaced, prepareSlice, scaleToUnit } from '../../../src/main/learning/preprocess.ts'
import { stream } from '../../../src/main/learning/random.ts'
import { fitSquare } from '../../../src/main/learning/resample.ts'
import type { Picture } from '../../../src/main/learning/resample.ts'

const picture = (width: number, height: number, value: (x: number, y: number) => number): Picture => ({
  width,
  height,
  pixels: Float32Array.from({ length: width * height }, (_, index) => value(index % width, Math.floor(index / width))),
})

describe('slices', () => {
  it('are the middles of equal parts of the stack', () => {
    expect(equallySpaced(168, 8)).toEqual([10, 31, 52, 73, 94, 115, 136, 157])
    expect(equallySpaced(110, 8)).toEqual([6, 20, 34, 48, 61, 75, 89, 103])
    expect(equallySpaced(8, 8)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(equallySpaced(3, 8)).toEqual([0, 1, 2])
  })
})

describe('the Gaussian', () => {
  it('equals scipy.ndimage.gaussian_filter(sigma=0.8) at an edge and inside', () => {
    // scipy 1.17.1: gaussian_filter of a 1 at the corner and in the middle of a 7 x 7 picture.
    const corner = blur(
      picture(7, 7, (x, y) => (x === 0 && y === 0 ? 1 : 0)),
      0.8,
    ).pixels
    const middle = blur(
      picture(7, 7, (x, y) => (x === 3 && y === 3 ? 1 : 0)),
      0.8,
    ).pixels
    const close = (pixels: Float32Array, expected: number[]): void =>
      expected.forEach((value, index) => expect(pixels[index]).toBeCloseTo(value, 7))
    close(corner, [0.528510343, 0.181907479, 0.016248932, 0.000320415])
    close(middle, [1.94e-7, 9.657e-6, 0.000100626, 0.000219788])
    close(middle.subarray(21), [0.000219788, 0.010926158, 0.113853178, 0.248678204])
  })

  it('keeps the sum and a constant picture', () => {
    const noisy = picture(9, 5, (x, y) => Math.sin(3 * x + 7 * y))
    const sum = (p: Picture): number => p.pixels.reduce((total, pixel) => total + pixel, 0)
    expect(sum(blur(noisy, 0.8))).toBeCloseTo(sum(noisy), 5)
    expect(
      [
        ...blur(
          picture(4, 4, () => 3),
          0.8,
        ).pixels,
      ].every((pixel) => Math.abs(pixel - 3) < 1e-6),
    ).toBe(true)
  })
})

describe('fitting into the square', () => {
  it('averages what each new pixel covers', () => {
    expect([
      ...fitSquare(
        picture(4, 4, (x, y) => x + 10 * y),
        2,
      ),
    ]).toEqual([5.5, 7.5, 25.5, 27.5])
    const thirds = fitSquare(
      picture(3, 3, (x) => x),
      2,
    )
    expect(thirds[0]).toBeCloseTo((0 + 0.5 * 1) / 1.5, 6)
    expect(thirds[1]).toBeCloseTo((0.5 * 1 + 2) / 1.5, 6)
  })

  it('interpolates between centres when it grows', () => {
    const grown = fitSquare(
      picture(2, 2, (x) => x),
      4,
    )
    expect([...grown.subarray(0, 4)]).toEqual([0, 0.25, 0.75, 1])
  })

  it('keeps the shape of a picture that is not square', () => {
    const wide = fitSquare(
      picture(8, 4, () => 1),
      4,
    )
    expect([...wide]).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0])
  })

  it('leaves a picture of the right size as it is', () => {
    const exact = picture(4, 4, (x, y) => x * y)
    expect([...fitSquare(exact, 4)]).toEqual([...exact.pixels])
  })
})

describe('a prepared slice', () => {
  it('goes from 0 to 1, or is 0 everywhere', () => {
    const scaled = scaleToUnit(picture(3, 1, (x) => 100 * x - 50)).pixels
    expect([...scaled]).toEqual([0, 0.5, 1])
    expect([...scaleToUnit(picture(2, 2, () => 7)).pixels]).toEqual([0, 0, 0, 0])
  })

  it('does not depend on the unit of the scan', () => {
    const how = { slices: 8, gaussian: 0.8, scaling: 'min-max' as const, imageSize: 16 }
    const value = (x: number, y: number): number => Math.sin(x) * y
    const raw = prepareSlice(picture(32, 32, value), how)
    const calibrated = prepareSlice(
      picture(32, 32, (x, y) => 1000 * value(x, y) - 300),
      how,
    )
    raw.forEach((pixel, index) => {
      expect(calibrated[index]).toBeCloseTo(pixel, 4)
    })
  })

  it('stays as it is where the recipe wants no scaling', () => {
    const how = { slices: 1, gaussian: 0, scaling: 'none' as const, imageSize: 4 }
    const pixels = prepareSlice(
      picture(4, 4, (x, y) => 0.1 * x + 0.05 * y),
      how,
    )
    expect(pixels[5]).toBeCloseTo(0.15, 6)
    expect(pixels[0]).toBe(0)
    const signed = prepareSlice({ width: 4, height: 4, pixels }, { ...how, scaling: 'signed' })
    expect(signed[5]).toBeCloseTo(-0.7, 6)
  })

  it('is refused where the scan holds NaN, infinity or one value', () => {
    const good = Float32Array.of(1, 2, 3)
    expect(() => checkPixels('s', [good, Float32Array.of(1, NaN)])).toThrow(
      expect.objectContaining({ code: 'scan-not-a-number' }),
    )
    expect(() => checkPixels('s', [Float32Array.of(1, Infinity)])).toThrow(
      expect.objectContaining({ code: 'scan-not-a-number' }),
    )
    expect(() => checkPixels('s', [new Float32Array(4), new Float32Array(4)])).toThrow(
      expect.objectContaining({ code: 'scan-constant' }),
    )
    expect(() => checkPixels('s', [new Float32Array(4), good])).not.toThrow()
  })
})

describe('augmentation', () => {
  it('has the eight symmetries of the square, each once', () => {
    const slice = Float32Array.from({ length: 9 }, (_, index) => index)
    const seen = new Set<string>()
    for (let symmetry = 0; symmetry < 8; symmetry++) {
      const target = new Float32Array(9)
      place(slice, 3, symmetry, target, 0)
      expect([...target].sort()).toEqual([...slice])
      expect(target[4]).toBe(4)
      seen.add(target.join())
    }
    expect(seen.size).toBe(8)
  })

  it('adds noise of deviation 0.01 without a bias, the same for the same seed', () => {
    const size = 128
    const draw = (seed: number): Float32Array => {
      const target = new Float32Array(size * size)
      augmenter({ flips: true, rotation: 0, noise: 0.01, intensity: 0 })!(
        new Float32Array(size * size),
        size,
        stream(seed, 'change', 1),
        target,
        0,
      )
      return target
    }
    const noise = draw(1)
    const mean = noise.reduce((sum, value) => sum + value, 0) / noise.length
    const deviation = Math.sqrt(noise.reduce((sum, value) => sum + (value - mean) ** 2, 0) / noise.length)
    // Five standard errors of the mean and of the deviation.
    expect(Math.abs(mean)).toBeLessThan((5 * 0.01) / size)
    expect(Math.abs(deviation - 0.01)).toBeLessThan((5 * 0.01) / (size * Math.SQRT2))
    expect([...draw(1)]).toEqual([...noise])
    expect([...draw(2)]).not.toEqual([...noise])
  })

  it('turns by a quarter as the symmetry of the square does, and a full turn back to where it was', () => {
    const size = 9
    const slice = Float32Array.from({ length: size * size }, (_, i) => Math.sin(i) ** 2)
    const [turned, exact] = [new Float32Array(size * size), new Float32Array(size * size)]
    rotate(slice, size, 90, turned, 0)
    // Anticlockwise: the first row becomes the first column from below.
    for (let y = 0; y < size; y++)
      for (let x = 0; x < size; x++) exact[(size - 1 - x) * size + y] = slice[y * size + x]!
    turned.forEach((value, i) => expect(value).toBeCloseTo(exact[i]!, 5))
    rotate(slice, size, 360, turned, 0)
    turned.forEach((value, i) => expect(value).toBeCloseTo(slice[i]!, 5))
  })

  it('turns by any angle about the middle; what comes from outside is 0', () => {
    const size = 33
    const spot = (x: number, y: number): number => Math.exp(-((x - 24) ** 2 + (y - 16) ** 2) / 8)
    const slice = Float32Array.from({ length: size * size }, (_, i) => spot(i % size, Math.floor(i / size)))
    const turned = new Float32Array(size * size + 5).fill(7)
    rotate(slice, size, 30, turned, 5)
    expect([...turned.subarray(0, 5)]).toEqual([7, 7, 7, 7, 7])
    const brightest = turned.subarray(5).reduce((best, value, i, all) => (value > all[best]! ? i : best), 0)
    // Eight pixels right of the middle, thirty degrees up.
    expect(brightest % size).toBe(Math.round(16 + 8 * Math.cos(Math.PI / 6)))
    expect(Math.floor(brightest / size)).toBe(16 - 4)
    const sum = (values: Float32Array): number => values.reduce((total, value) => total + value, 0)
    expect(sum(turned.subarray(5)) / sum(slice)).toBeCloseTo(1, 3)
    const corners = new Float32Array(size * size)
    rotate(new Float32Array(size * size).fill(1), size, 45, corners, 0)
    expect(corners[0]).toBe(0)
    expect(corners[16 * size + 16]).toBeCloseTo(1, 6)
  })

  it('changes contrast and brightness within what is asked, and nothing where nothing is asked', () => {
    const none = { flips: false, rotation: 0, noise: 0, intensity: 0 }
    expect(augmenter(none)).toBeNull()
    const slice = Float32Array.of(0, 1, 0, 1)
    const change = augmenter({ ...none, intensity: 0.2 })!
    for (let seed = 0; seed < 50; seed++) {
      const target = new Float32Array(4)
      change(slice, 2, stream(seed, 'change', 1), target, 0)
      expect(Math.abs(target[0]!)).toBeLessThanOrEqual(0.2)
      const contrast = target[1]! - target[0]!
      expect(Math.abs(contrast - 1)).toBeLessThanOrEqual(0.2 + 1e-6)
      expect([target[2], target[3]]).toEqual([target[0], target[1]])
    }
  })
})
