import type { Limits } from '../../dicomweb/client.ts'
import type { Jobs } from '../../jobs/jobs.ts'
import type { Database } from '../../store/database.ts'
import type { Labels } from '../settling/labels.ts'
import type { Scans } from '../scans/index.ts'
import { createLooking } from './looking.ts'
import { createPlaces } from './places.ts'
import { createSending } from './sending.ts'
import { createVault } from './vault.ts'
import type { Keychain } from '../keychain.ts'

/** Picture archives by DICOMweb: set up, searched, fetched from, reported to. */
export function createPacs(parts: {
  db: Database
  jobs: Jobs
  scans: Scans
  labels: Labels
  version: string
  /** Where credentials lie, as the system's keychain encrypts them. */
  folder: string
  keychain: Keychain
  limits?: Partial<Limits> | undefined
}) {
  const vault = createVault(parts)
  const places = createPlaces({ db: parts.db, vault, ...(parts.limits ? { limits: parts.limits } : {}) })
  return {
    ...places,
    ...createLooking({ ...parts, places }),
    ...createSending({ ...parts, places }),
  }
}
