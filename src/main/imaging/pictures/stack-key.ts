import { openFile } from '../bytes.ts'
import type { VolumeFormat } from '../volume.ts'
import { jpegFrame } from './jpeg.ts'
import { readDirectories } from './tiff-directory.ts'

/** Larger TIFFs are volumes of their own; their directories may lie at the end. */
const MAX_SLICE_FILE = 1 << 26

/** What pictures must share to be slices of one volume; null for a file that is a volume by itself or cannot be told. */
export async function stackKey(path: string, format: VolumeFormat): Promise<string | null> {
  const file = await openFile(path)
  try {
    if (format === 'png') return (await file.peek(26)).toString('hex', 16, 26)
    if (format === 'jpeg') {
      const frame = jpegFrame(await file.peek(1 << 16))
      return frame ? `${frame.width}x${frame.height}x${frame.components}` : null
    }
    if (file.size > MAX_SLICE_FILE) return null
    const directories = readDirectories(path, await file.peek(file.size))
    const only = directories.length === 1 ? directories[0] : undefined
    return only ? [256, 257, 258, 262, 277, 339].map((tag) => only.numbers(tag).join()).join('x') : null
  } catch {
    return null
  } finally {
    await file.close()
  }
}
