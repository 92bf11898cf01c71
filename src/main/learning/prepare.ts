import { ConcordError } from '../domain/error.ts'
import { cutRoi } from '../domain/roi.ts'
import { checkPixels, equallySpaced, prepareSlice } from './preprocess.ts'
import { readPictures } from './pictures.ts'
import type { SliceStore } from './slice-store.ts'
import type { Turns } from './turns.ts'
import type { Picture } from './resample.ts'
import type { Preprocessing, RegionOfScan, ScanSource } from './types.ts'

/** A scan's pictures as the network takes them. */
export interface PreparedScan {
  scanId: string
  /** Which slices of the volume. */
  slices: number[]
  pictures: Float32Array[]
}

/**
 * What of a slice the network is shown: all of it, or the region of interest as so many pixels.
 * @throws ConcordError `roi-missing`, `roi-outside`.
 */
export function shownPart(picture: Picture, region: RegionOfScan | undefined, { region: how }: Preprocessing): Picture {
  if (!how) return picture
  if (!region) throw new ConcordError('roi-missing', 'The network sees regions of interest; this scan has none yet.')
  const edge = how.edgePixels
  const pixels = cutRoi(picture, region, edge)
  return { width: edge, height: edge, pixels: region.inverted ? pixels.map((value) => -value) : pixels }
}

/** @throws ConcordError `scan-not-a-number`, `scan-constant`, as `shownPart` says, and what reading the cache says, with the scan's identifier. */
export async function prepareScan(
  { scanId, cachePath, region }: ScanSource,
  how: Preprocessing,
): Promise<PreparedScan> {
  const read = readPictures(cachePath, (depth) => equallySpaced(depth, how.slices))
  const { slices, pictures: whole } = await read.catch((error: unknown) => {
    throw error instanceof ConcordError ? new ConcordError(error.code, `Scan ${scanId}: ${error.message}`) : error
  })
  const pictures = whole.map((picture) => shownPart(picture, region, how))
  checkPixels(
    scanId,
    pictures.map(({ pixels }) => pixels),
  )
  return { scanId, slices, pictures: pictures.map((picture) => prepareSlice(picture, how)) }
}

/** A scan whose pictures are in the store. */
export interface StoredScan {
  scanId: string
  slices: number[]
  /** Numbers in the store, one a slice. */
  stored: number[]
}

/** Prepares every scan into the store, one at a time. */
export async function storeScans(
  scans: readonly ScanSource[],
  how: Preprocessing,
  store: SliceStore,
  turns: Turns,
  onScan: (done: number) => void,
): Promise<StoredScan[]> {
  const result: StoredScan[] = []
  for (const scan of scans) {
    await turns.next()
    const { scanId, slices, pictures } = await prepareScan(scan, how)
    result.push({ scanId, slices, stored: pictures.map((picture) => store.add(picture)) })
    onScan(result.length)
  }
  return result
}
