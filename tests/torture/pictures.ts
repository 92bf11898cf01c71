import { existsSync } from 'node:fs'
import { readHeader, readSlices } from '../../src/main/imaging/cache.ts'
import { sha256OfValues } from '../../src/main/imaging/statistics.ts'
import type { Volume } from '../../src/main/imaging/volume.ts'
import type { Program } from '../fixtures/program.ts'

/** Whether the pictures of a scan are there, whole, and the ones they are named for. */
export async function pictureProblems({ services }: Pick<Program, 'services'>, sha256: string): Promise<string[]> {
  const path = services.scans.volumePath(sha256)
  if (!existsSync(path)) return [`the pictures ${sha256} are missing`]
  try {
    const header = await readHeader(path)
    const voxels = await readSlices(
      path,
      Array.from({ length: header.dims[2] }, (_, z) => z),
    )
    const found = sha256OfValues({ ...header, voxels, meta: {} } as unknown as Volume)
    return found === sha256 ? [] : [`the pictures ${sha256} are others: ${found}`]
  } catch (error) {
    return [`the pictures ${sha256}: ${String(error)}`]
  }
}
