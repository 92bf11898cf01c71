import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { ConcordError } from '../domain/error.ts'
import { writeFailure } from './write-file.ts'

/**
 * The prepared pictures of a run in one file, so that memory does not grow with the study: at 512 x 512 a thousand scans
 * are 8 GB. What is read often stays in the system's file cache.
 */
export class SliceStore {
  readonly #file: number
  readonly #path: string
  readonly #bytes: number
  #count = 0

  /** @param pixels Values of one picture. */
  constructor(path: string, pixels: number) {
    this.#path = path
    this.#bytes = pixels * Float32Array.BYTES_PER_ELEMENT
    try {
      this.#file = openSync(path, 'w+')
    } catch (error) {
      throw writeFailure(path, error)
    }
  }

  /** Adds a picture and returns its number. */
  add(picture: Float32Array): number {
    const bytes = new Uint8Array(picture.buffer, picture.byteOffset, picture.byteLength)
    try {
      for (let at = 0; at < bytes.length;) {
        at += writeSync(this.#file, bytes, at, bytes.length - at, this.#count * this.#bytes + at)
      }
    } catch (error) {
      throw writeFailure(this.#path, error)
    }
    return this.#count++
  }

  /** Reads picture `number` into `target`, from the value `offset` on. */
  read(number: number, target: Float32Array, offset = 0): void {
    const bytes = new Uint8Array(target.buffer, target.byteOffset + 4 * offset, this.#bytes)
    for (let at = 0; at < bytes.length;) {
      const got = readSync(this.#file, bytes, at, bytes.length - at, number * this.#bytes + at)
      if (got === 0)
        throw new ConcordError('slices-lost', 'The prepared slices of this run were removed: start it again.')
      at += got
    }
  }

  /** Closes and removes the file. */
  dispose(): void {
    closeSync(this.#file)
    rmSync(this.#path, { force: true })
  }
}
