import { engine, f64, get, i32, moduleOf, repeat, set, v128, type Code, type Kernel } from './assemble.ts'

/**
 * The inner loops of the projector and the back-projector as WebAssembly: the four slices that are interleaved
 * (project.ts) are one vector of 128 bits. They take half the time of the same loops over typed arrays, and a seventh to a
 * thirtieth of what TensorFlow takes in the learning worker (../README.md).
 */

/** view[bin] += the line's pixels at `at = origin + bin step`, interpolated linearly, for bins first to last. */
const projectLine: Kernel = (() => {
  const [line, view, bin, last, origin, step, at, index, pixel] = [0, 1, 2, 3, 4, 5, 6, 7, 8]
  const low = v128.load(get(pixel))
  const high = v128.load(i32.add(get(pixel), i32.of(16)))
  const share = v128.spread(f64.sub(get(at), f64.from(get(index))))
  const target = i32.add(get(view), i32.shift(get(bin), 4))
  const value = v128.add(low, v128.mul(v128.sub(high, low), share))
  return {
    name: 'projectLine',
    parameters: ['i32', 'i32', 'i32', 'i32', 'f64', 'f64'],
    locals: ['f64', 'i32', 'i32'],
    body: repeat(
      [
        set(at, f64.add(get(origin), f64.mul(f64.from(get(bin)), get(step)))),
        set(index, i32.truncated(get(at))),
        set(pixel, i32.add(get(line), i32.shift(get(index), 4))),
        v128.store(target, v128.add(v128.load(target), value)),
        set(bin, i32.add(get(bin), i32.of(1))),
      ],
      i32.less(get(bin), i32.add(get(last), i32.of(1))),
    ),
  }
})()

/** Values kept for each bin of a filtered view, and neighbours on each side that they are interpolated from. */
export const finer = 4
export const taps = 4

/**
 * target[finer bin + phase] = the sum over 2 taps neighbours of weights[phase][neighbour] source[bin + 1 + neighbour] for
 * `bins` bins; phase 0 is the value itself, source[bin + taps]. largest = max(largest, |target|).
 */
const widen: Kernel = (() => {
  const [source, target, end, weights, largest, most, value] = [0, 1, 2, 3, 4, 5, 6]
  const at = (local: number, places: number): Code => i32.add(get(local), i32.of(16 * places))
  const keep = (phase: number, sum: Code): Code => [
    set(value, sum),
    v128.store(at(target, phase), get(value)),
    set(most, v128.max(get(most), v128.abs(get(value)))),
  ]
  const interpolated = (phase: number): Code =>
    Array.from({ length: 2 * taps }, (_, t) =>
      v128.mul(v128.load(at(source, t + 1)), v128.load(at(weights, 2 * taps * phase + t))),
    ).reduce((sum, term) => v128.add(sum, term))
  return {
    name: 'widen',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32'],
    locals: ['v128', 'v128'],
    body: [
      set(most, v128.load(get(largest))),
      repeat(
        [
          keep(0, v128.load(at(source, taps))),
          Array.from({ length: finer - 1 }, (_, k) => keep(k + 1, interpolated(k + 1))),
          set(source, at(source, 1)),
          set(target, at(target, finer)),
        ],
        i32.less(get(target), get(end)),
      ),
      v128.store(get(largest), get(most)),
    ],
  }
})()

/** Floats from `at` to `end` times `scale`, rounded, as integers in their place. */
const round: Kernel = (() => {
  const [at, end, scale, factor] = [0, 1, 2, 3]
  return {
    name: 'round',
    parameters: ['i32', 'i32', 'f64'],
    locals: ['v128'],
    body: [
      set(factor, v128.spread(get(scale))),
      repeat(
        [
          v128.store(get(at), v128.rounded(v128.mul(v128.load(get(at)), get(factor)))),
          set(at, i32.add(get(at), i32.of(16))),
        ],
        i32.less(get(at), get(end)),
      ),
    ],
  }
})()

/** Neighbours in a row that are summed at once, so that the views' sines and cosines are looked up once for all. */
export const across = 4

/**
 * For the pixels of a row: sum += over the views the value nearest to where the pixel's ray meets the detector,
 * table[view][trunc(y cos - x sin + centre)], whole numbers; up to a group of pixels beyond `sumsEnd`.
 */
const backProject: Kernel = (() => {
  const [table, stride, cosines, sines, cosinesEnd, sums, sumsEnd, x, y, centre] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
  const [view, cos, sin, at] = [10, 11, 12, 13]
  const sum = (k: number): number => 14 + k
  const group = Array.from({ length: across }, (_, k) => k)
  const place = (k: number): Code => i32.add(get(sums), i32.of(16 * k))
  const value = v128.load(i32.add(get(view), i32.shift(i32.truncated(get(at)), 4)))
  const overViews = repeat(
    [
      set(at, f64.add(f64.sub(f64.mul(get(y), f64.load(get(cos))), f64.mul(get(x), f64.load(get(sin)))), get(centre))),
      group.map((k) => [
        k === 0 ? [] : set(at, f64.sub(get(at), f64.load(get(sin)))),
        set(sum(k), v128.addIntegers(get(sum(k)), value)),
      ]),
      set(view, i32.add(get(view), get(stride))),
      set(sin, i32.add(get(sin), i32.of(8))),
      set(cos, i32.add(get(cos), i32.of(8))),
    ],
    i32.less(get(cos), get(cosinesEnd)),
  )
  return {
    name: 'backProject',
    parameters: [...Array<'i32'>(7).fill('i32'), 'f64', 'f64', 'f64'],
    locals: ['i32', 'i32', 'i32', 'f64', ...Array<'v128'>(across).fill('v128')],
    body: repeat(
      [
        group.map((k) => set(sum(k), v128.load(place(k)))),
        [set(view, get(table)), set(cos, get(cosines)), set(sin, get(sines))],
        overViews,
        group.map((k) => v128.store(place(k), get(sum(k)))),
        set(x, f64.add(get(x), f64.of(across))),
        set(sums, place(across)),
      ],
      i32.less(get(sums), get(sumsEnd)),
    ),
  }
})()

/** Kernels with a memory of their own. Addresses are bytes. */
export interface Kernels {
  /** Room for `bytes`, with what was there before; buffers taken from an earlier call may no longer be valid. */
  reserve(bytes: number): ArrayBuffer
  projectLine(line: number, view: number, first: number, last: number, origin: number, step: number): void
  widen(source: number, target: number, end: number, weights: number, largest: number): void
  round(at: number, end: number, scale: number): void
  backProject(
    table: number,
    stride: number,
    cosines: number,
    sines: number,
    cosinesEnd: number,
    sums: number,
    sumsEnd: number,
    x: number,
    y: number,
    centre: number,
  ): void
}

const page = 65536

/** A thread opens these once and keeps them: their memory grows to what its largest slices need (57 MB at 512 pixels). */
export function openKernels(): Kernels {
  const memory = new engine.Memory({ initial: 1 })
  const kernels = [projectLine, widen, round, backProject]
  const { exports } = new engine.Instance(new engine.Module(moduleOf(kernels)), { host: { memory } })
  return {
    ...(exports as Omit<Kernels, 'reserve'>),
    reserve(bytes) {
      const more = Math.ceil((bytes - memory.buffer.byteLength) / page)
      if (more > 0) memory.grow(more)
      return memory.buffer
    },
  }
}
