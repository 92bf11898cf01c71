import type { Kysely } from 'kysely'
import type { Dialect } from './dialect.ts'
import * as initial from './migrations/0001_initial.ts'
import * as motion from './migrations/0002_motion.ts'
import * as overviewIndexes from './migrations/0003_overview_indexes.ts'
import * as afterReading from './migrations/0004_after_reading.ts'
import * as training from './migrations/0005_training.ts'
import * as models from './migrations/0006_models.ts'
import * as studyDesign from './migrations/0007_study_design.ts'
import * as accounts from './migrations/0008_accounts.ts'
import * as reference from './migrations/0009_reference.ts'
import * as roi from './migrations/0010_roi.ts'
import * as workstations from './migrations/0011_workstations.ts'
import * as pacs from './migrations/0012_pacs.ts'
import * as departmentIndexes from './migrations/0013_department_indexes.ts'
import * as sealedVotes from './migrations/0014_sealed_votes.ts'
import * as packets from './migrations/0015_packets.ts'
import * as auditSubject from './migrations/0016_audit_subject.ts'
import * as packetCounts from './migrations/0017_packet_counts.ts'
import * as labelEstimate from './migrations/0018_label_estimate.ts'
import * as labelPortions from './migrations/0019_label_portions.ts'

/** In order; a migration that has shipped is never edited. The database's version is the number of those it has run. */
export const migrations: { name: string; up(db: Kysely<never>, dialect: Dialect): Promise<void> }[] = [
  { name: '0001_initial', up: initial.up },
  { name: '0002_motion', up: motion.up },
  { name: '0003_overview_indexes', up: overviewIndexes.up },
  { name: '0004_after_reading', up: afterReading.up },
  { name: '0005_training', up: training.up },
  { name: '0006_models', up: models.up },
  { name: '0007_study_design', up: studyDesign.up },
  { name: '0008_accounts', up: accounts.up },
  { name: '0009_reference', up: reference.up },
  { name: '0010_roi', up: roi.up },
  { name: '0011_workstations', up: workstations.up },
  { name: '0012_pacs', up: pacs.up },
  { name: '0013_department_indexes', up: departmentIndexes.up },
  { name: '0014_sealed_votes', up: sealedVotes.up },
  { name: '0015_packets', up: packets.up },
  { name: '0016_audit_subject', up: auditSubject.up },
  { name: '0017_packet_counts', up: packetCounts.up },
  { name: '0018_label_estimate', up: labelEstimate.up },
  { name: '0019_label_portions', up: labelPortions.up },
]
