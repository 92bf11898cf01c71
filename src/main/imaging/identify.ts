import { constants, gunzipSync } from 'node:zlib'
import { basename } from 'node:path'
import { openFile } from './bytes.ts'
import { badFile } from './limits.ts'
import { readers } from './readers/index.ts'
import { HEAD_BYTES, type Reader } from './readers/reader.ts'

/** The reader for a file, by its first bytes. Errors: file-empty, file-unreadable, format-unknown. */
export async function identify(path: string): Promise<Reader> {
  const file = await openFile(path)
  try {
    const head = await file.peek(HEAD_BYTES)
    const inflated = inflatedHead(head)
    const reader = readers.find((r) => r.matches(inflated, basename(path)))
    if (reader) return reader
    throw badFile(
      'format-unknown',
      path,
      'is of no kind that can be read (DICOM, Scanco ISQ or AIM, NIfTI, NRRD, MHA, TIFF, PNG, JPEG).',
    )
  } finally {
    await file.close()
  }
}

/** The start of what a gzipped file holds; other files as they are. */
function inflatedHead(head: Buffer): Buffer {
  if (head[0] !== 0x1f || head[1] !== 0x8b) return head
  try {
    // The head is cut anywhere: flush what can be had. Its 1024 bytes inflate to 1 MB at most.
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 1 << 21 }
    return gunzipSync(head, options).subarray(0, HEAD_BYTES)
  } catch {
    return head
  }
}
