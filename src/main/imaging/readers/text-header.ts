import { existsSync } from 'node:fs'
import { dirname, join, normalize, sep } from 'node:path'
import { inflatingSource, openFile, type ByteSource } from '../bytes.ts'
import { badFile, checkDeclared, type ReadLimits } from '../limits.ts'
import { bytesPerSample, bytesPerVoxel, readSamples, type SampleType } from '../samples.ts'
import type { Voxels } from '../volume.ts'

/** What NRRD and MetaImage share: a text header, then (or in another file) the voxels. */
export interface TextHeaderData {
  /** The file with the voxels. */
  path: string
  /** Where they start; -1: they are the last bytes of the file. */
  offset: number
  compression: 'none' | 'gzip' | 'zlib'
  type: SampleType
  count: number
  littleEndian: boolean
}

/** Reads the voxels that a text header describes, its sizes checked first. */
export async function readDescribed(data: TextHeaderData, limits: ReadLimits, warnings: string[]): Promise<Voxels> {
  const file = await openFile(data.path)
  const declared = data.count * bytesPerSample[data.type]
  const compressed = data.compression !== 'none'
  try {
    const offset = data.offset < 0 ? file.size - declared : data.offset
    checkDeclared(data.path, declared, Math.max(0, file.size - Math.max(0, data.offset)), limits, compressed)
    checkDeclared(data.path, data.count * bytesPerVoxel(data.type), Infinity, limits)
    if (data.compression === 'none') {
      return await readSamples(file, offset, data.type, data.count, data.littleEndian, warnings)
    }
    const source: ByteSource = inflatingSource(data.path, data.compression, data.offset)
    try {
      return await readSamples(source, 0, data.type, data.count, data.littleEndian, warnings)
    } finally {
      await source.close()
    }
  } finally {
    await file.close()
  }
}

/** The data file that a header names, only ever beside or below the header: a header cannot reach elsewhere on the disk. */
export function besideHeader(headerPath: string, name: string): string {
  const folder = dirname(headerPath)
  const path = normalize(join(folder, name))
  if (name === '' || name.includes('\0') || !path.startsWith(folder === '.' ? '' : folder.replace(/\/$/, '') + sep)) {
    throw badFile('format-refused', headerPath, 'names a data file outside its own folder. Put the two side by side.')
  }
  if (!existsSync(path))
    throw badFile('file-missing', headerPath, 'names a data file that is not there. Copy both files.')
  return path
}
