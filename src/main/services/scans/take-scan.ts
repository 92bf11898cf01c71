import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { moveFile } from '../../files/move-file.ts'
import type { DecoderHost } from '../../imaging/host.ts'
import type { Database } from '../../store/database.ts'
import type { Row } from '../../store/schema.ts'
import type { Caller } from '../context.ts'
import { addScanRow, type ScanFacts } from './row.ts'

/** A scan that the program made itself, and what is known of it without reading its file. */
export interface MadeScan extends ScanFacts {
  /** Absolute path. */
  path: string
}

/** One such scan decoded and taken into the study, without a preview; resolves to its row. */
export async function takeScan(
  { db, decoder, volumes }: { db: Database; decoder: DecoderHost; volumes: string },
  caller: Caller,
  study: Row<'study'>,
  staging: string,
  scan: MadeScan,
): Promise<Row<'scan'>> {
  const { sources } = await decoder.discover([scan.path])
  const { header, cachePath } = await decoder.decodeToCache(sources[0]!, staging)
  const kept = join(volumes, `${header.sha256}.vol`)
  if (existsSync(kept)) await rm(cachePath, { force: true })
  else await moveFile(cachePath, kept)
  return db.transaction().execute((t) => addScanRow(t, caller, study, header, scan))
}
