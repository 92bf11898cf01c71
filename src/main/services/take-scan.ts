import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { moveFile } from '../imaging/move-file.ts'
import type { DecoderHost } from '../imaging/host.ts'
import { digestOf, record } from '../store/audit.ts'
import type { Database } from '../store/database.ts'
import { newId, now } from '../store/identity.ts'
import type { Row } from '../store/schema.ts'
import type { Caller } from './context.ts'
import { patientOf } from './scans.ts'

/** A scan that the program made itself, and what is known of it without reading its file. */
export interface MadeScan {
  /** Absolute path. */
  path: string
  /** Tells the patient from others of the study. */
  patientKey: string
  site: Row<'scan'>['site']
  side: Row<'scan'>['side']
  purpose: Row<'scan'>['purpose']
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
  return db.transaction().execute(async (t) => {
    const patient = await patientOf(t, study, scan.patientKey)
    const row: Row<'scan'> = {
      id: newId(),
      study_id: study.id,
      patient_id: patient.id,
      pseudonym: `${patient.pseudonym}-${patient.scans + 1}`,
      site: scan.site,
      side: scan.side,
      purpose: scan.purpose,
      format: header.format,
      dims: JSON.stringify(header.dims),
      spacing: header.spacing && JSON.stringify(header.spacing),
      unit: header.unit,
      warnings: JSON.stringify(header.warnings),
      content_sha256: header.sha256,
      imported_by: caller.accountId,
      imported_at: now(),
    }
    await t.insertInto('scan').values(row).execute()
    await record(t, {
      accountId: caller.accountId,
      act: 'scan.imported',
      subject: row.id,
      rowDigest: digestOf(row.id, row.study_id, row.content_sha256, row.purpose),
    })
    return row
  })
}
