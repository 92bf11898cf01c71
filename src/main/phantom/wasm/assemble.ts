/**
 * As much of a WebAssembly assembler as the two kernels beside it need (WebAssembly Core Specification 2.0, chapter 5,
 * with its 128-bit vectors). An instruction is its bytes; an expression is a list of them.
 */
export type Code = readonly (number | Code)[]

const numbers = { i32: 0x7f, f64: 0x7c, v128: 0x7b } as const
export type Kind = keyof typeof numbers

/** LEB128, unsigned (5.2.2). */
function unsigned(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  for (;;) {
    const low = rest % 128
    rest = Math.floor(rest / 128)
    if (rest === 0) return [...bytes, low]
    bytes.push(low + 128)
  }
}

/** LEB128, signed, for constants of 32 bits. */
function signed(value: number): number[] {
  const bytes: number[] = []
  let rest = value | 0
  for (;;) {
    const low = rest & 0x7f
    rest >>= 7
    if ((rest === 0 && !(low & 0x40)) || (rest === -1 && low & 0x40)) return [...bytes, low]
    bytes.push(low | 0x80)
  }
}

const vector = (code: number): number[] => [0xfd, ...unsigned(code)]
/** Alignment is a hint and left at a byte; offsets are added before. */
const memory = [0x00, 0x00]

/** One body's locals by name: `get.x`, `set('x', value)`. */
export const get = (local: number): Code => [0x20, ...unsigned(local)]
export const set = (local: number, value: Code): Code => [value, 0x21, ...unsigned(local)]
export const i32 = {
  of: (value: number): Code => [0x41, ...signed(value)],
  add: (a: Code, b: Code): Code => [a, b, 0x6a],
  mul: (a: Code, b: Code): Code => [a, b, 0x6c],
  shift: (a: Code, bits: number): Code => [a, i32.of(bits), 0x74],
  less: (a: Code, b: Code): Code => [a, b, 0x48],
  /** Towards zero; never traps. */
  truncated: (a: Code): Code => [a, 0xfc, 0x02],
}
export const f64 = {
  of: (value: number): Code => [0x44, ...new Uint8Array(Float64Array.of(value).buffer)],
  add: (a: Code, b: Code): Code => [a, b, 0xa0],
  sub: (a: Code, b: Code): Code => [a, b, 0xa1],
  mul: (a: Code, b: Code): Code => [a, b, 0xa2],
  load: (at: Code): Code => [at, 0x2b, ...memory],
  from: (a: Code): Code => [a, 0xb7],
}
export const v128 = {
  load: (at: Code): Code => [at, ...vector(0), ...memory],
  store: (at: Code, value: Code): Code => [at, value, ...vector(11), ...memory],
  addIntegers: (a: Code, b: Code): Code => [a, b, ...vector(174)],
  add: (a: Code, b: Code): Code => [a, b, ...vector(228)],
  sub: (a: Code, b: Code): Code => [a, b, ...vector(229)],
  mul: (a: Code, b: Code): Code => [a, b, ...vector(230)],
  abs: (a: Code): Code => [a, ...vector(224)],
  max: (a: Code, b: Code): Code => [a, b, ...vector(233)],
  /** Rounded to the nearest whole number (ties to even), as integers. */
  rounded: (a: Code): Code => [a, ...vector(106), ...vector(248)],
  /** A float64 rounded to float32, in all four lanes. */
  spread: (a: Code): Code => [a, 0xb6, ...vector(19)],
}

/** Runs the body, and again while the condition holds after it. */
export const repeat = (body: Code, again: Code): Code => [0x03, 0x40, body, again, 0x0d, 0x00, 0x0b]

export interface Kernel {
  name: string
  parameters: readonly Kind[]
  locals: readonly Kind[]
  body: Code
}

const flat = (code: Code): number[] => code.flatMap((part) => (typeof part === 'number' ? [part] : flat(part)))
const list = (items: readonly (readonly number[])[]): number[] => [...unsigned(items.length), ...items.flat()]
const sized = (bytes: readonly number[]): number[] => [...unsigned(bytes.length), ...bytes]
const text = (name: string): number[] => sized([...Buffer.from(name)])
const section = (id: number, bytes: readonly number[]): number[] => [id, ...sized(bytes)]

/** As much of the WebAssembly object as is used: without a page's types TypeScript does not know it. */
interface Engine {
  Module: new (bytes: Uint8Array) => object
  Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer; grow(pages: number): number }
  Instance: new (module: object, imports: object) => { readonly exports: unknown }
}
export const engine = (globalThis as unknown as { WebAssembly: Engine }).WebAssembly

/** The bytes of a module that imports the memory `host.memory` and exports the kernels under their names; none returns anything. */
export function moduleOf(kernels: readonly Kernel[]): Uint8Array {
  const types = kernels.map(({ parameters }) => [0x60, ...list(parameters.map((kind) => [numbers[kind]])), 0])
  const bodies = kernels.map(({ locals, body }) =>
    sized([...list(locals.map((kind) => [1, numbers[kind]])), ...flat(body), 0x0b]),
  )
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list(types)),
    ...section(2, list([[...text('host'), ...text('memory'), 0x02, 0x00, 0]])),
    ...section(3, list(kernels.map((_, i) => unsigned(i)))),
    ...section(7, list(kernels.map(({ name }, i) => [...text(name), 0x00, ...unsigned(i)]))),
    ...section(10, list(bodies)),
  ])
}
