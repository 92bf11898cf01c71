import type { Engine, Program } from './engine.ts'
import { sizeOf } from './engine.ts'

/** Probabilities of any number of pictures through a program of one batch size; the last batch is filled with zeros. */
export interface Predictor {
  batch: number
  /** @param pictures As prepared, one after another. @returns One row of probabilities a picture. */
  predict(pictures: Float32Array[]): number[][]
}

export function predictor(engine: Engine, program: Program): Predictor {
  const [batch, ...shape] = program.feeds[0]! as [number, ...number[]]
  const pixels = sizeOf(shape)
  return {
    batch,
    predict(pictures) {
      const rows: number[][] = []
      for (let start = 0; start < pictures.length; start += batch) {
        const part = pictures.slice(start, start + batch)
        const fed = new Float32Array(batch * pixels)
        part.forEach((picture, index) => fed.set(picture, index * pixels))
        const [values] = engine.run(program, [fed])
        const classes = values!.length / batch
        part.forEach((_, index) => rows.push([...values!.subarray(index * classes, (index + 1) * classes)]))
      }
      return rows
    },
  }
}
