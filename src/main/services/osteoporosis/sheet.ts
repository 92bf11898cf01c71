import { derivations, derive } from '../../domain/augmentation-sets.ts'
import type { SquarePicture } from '../../domain/augmentation-sets.ts'
import { encodeGreyPng } from '../../imaging/writers/png.ts'
import { fitSquare } from '../../learning/resample.ts'
import { unitScale } from './pictures.ts'
import { regionsOf } from './regions.ts'

/** Edge of one picture on the sheet and the white between two, in pixels. */
const edge = 200
const gap = 8

/**
 * One heel's region in all that the sets hold of it, as a PNG of three rows: the original (N); what is made of it (A); each of these
 * sharpened (B has both rows, C all three). Columns in the order of `derivations`, the original's left out.
 */
export async function augmentationSheet(studyFolder: string): Promise<Buffer> {
  const made = derivations.filter((how) => how !== 'original')
  const width = made.length * (edge + gap) - gap
  const height = 3 * (edge + gap) - gap
  const sheet = new Uint8Array(width * height).fill(255)
  const original = await firstRegion(studyFolder)
  const put = (picture: SquarePicture, row: number, column: number): void => {
    const small = fitSquare({ width: picture.edge, height: picture.edge, pixels: picture.pixels }, edge)
    for (let y = 0; y < edge; y += 1)
      for (let x = 0; x < edge; x += 1)
        sheet[(row * (edge + gap) + y) * width + column * (edge + gap) + x] = Math.round(255 * small[y * edge + x]!)
  }
  put(original, 0, 0)
  for (const [column, from] of made.entries())
    for (const [row, sharpened] of [false, true].entries()) put(derive(original, { from, sharpened }), row + 1, column)
  return encodeGreyPng(width, height, sheet)
}

async function firstRegion(studyFolder: string): Promise<SquarePicture> {
  for await (const region of regionsOf(studyFolder))
    return { edge: region.region.edge, pixels: unitScale([region])(region) }
  throw new Error('a study of heels has at least one')
}
