import { join } from 'node:path'
import type { Job } from '../../preload/contract/jobs.ts'
import type { Run } from '../../preload/contract/training.ts'
import type { DecoderHost } from '../imaging/host.ts'
import { createJobs } from '../jobs/jobs.ts'
import { createPresence } from '../jobs/presence.ts'
import type { LearnerHost } from '../learning/host.ts'
import { createAccounts } from '../services/accounts/index.ts'
import { createAnalysis } from '../services/analysis/index.ts'
import { createAudit } from '../services/audit/index.ts'
import { createBackups, type ReplaceDatabase } from '../services/backups/index.ts'
import { createComparisons } from '../services/reading/comparison.ts'
import { createQueues } from '../services/reading/queues.ts'
import { createCalibration } from '../services/reading/calibration.ts'
import { createDemonstration } from '../services/simulated/demonstration.ts'
import { createDesigns } from '../services/studies/designs.ts'
import { createExperiments } from '../services/osteoporosis/experiments.ts'
import { createHeelStudies } from '../services/simulated/heel-study.ts'
import { createExports } from '../services/export/index.ts'
import { createLabels } from '../services/settling/labels.ts'
import { createModels } from '../services/models/index.ts'
import { createMotion } from '../services/reading/motion.ts'
import { createPackets } from '../services/packets/index.ts'
import { createParts } from '../services/parts.ts'
import { createSecrets } from '../services/places/secrets.ts'
import { createPlaces } from '../services/places/index.ts'
import { createPractice } from '../services/simulated/practice-scans.ts'
import { createPracticeStudies } from '../services/simulated/practice-study.ts'
import { createQuality } from '../services/analysis/quality.ts'
import { createRegions } from '../services/regions/index.ts'
import { createRetraining } from '../services/training/retraining.ts'
import { createReaderSettings } from '../services/reading/settings.ts'
import { createReferences } from '../services/settling/references.ts'
import { createReading } from '../services/reading/index.ts'
import { createReportNotes } from '../services/report/kept-notes.ts'
import { createRounds } from '../services/settling/rounds.ts'
import { createScans } from '../services/scans/index.ts'
import { createAccountKeys } from '../services/sealing/account-keys.ts'
import { createSealing } from '../services/sealing/index.ts'
import { createKeepers } from '../services/sealing/keepers.ts'
import { createKeyRing } from '../services/sealing/key-ring.ts'
import { createSeries } from '../services/training/series/index.ts'
import type { Keychain } from '../services/keychain.ts'
import { createPacs } from '../services/pacs/index.ts'
import { createSettings } from '../services/settings.ts'
import { blindedReaders } from '../services/context.ts'
import { createStudies } from '../services/studies/index.ts'
import { createTraining } from '../services/training/index.ts'
import { createUpdates } from '../services/updates/updates.ts'
import { createEvaluator } from '../statistics/evaluator.ts'
import type { Statistics } from '../statistics/host.ts'
import { createWhole } from '../statistics/whole.ts'
import { createAnchors } from '../store/anchors.ts'
import type { Database } from '../store/database.ts'
import type { Place } from '../store/place.ts'
import type { PasswordCost } from '../store/sealed/password.ts'
import type { Link } from '../store/server/link.ts'
import { partsFolder, programCommit, updateKey } from './built-in.ts'
import type { DataFolders } from './paths.ts'
import { workstationOf } from './workstation.ts'

/** What the services need from outside. The window, the headless command and the tests each bring their own. */
export interface Surroundings {
  db: Database
  place: Place
  /** To the other workstations; null where there are none. */
  link: Link | null
  folders: DataFolders
  decoder: DecoderHost
  learner: LearnerHost
  statistics: Statistics
  version: string
  keychain: Keychain
  tell: {
    job(job: Job): void
    run(run: Run): void
    /** @param blinded accounts that must not learn of it */
    studyChanged(studyId: string, blinded: ReadonlySet<string>): void
    /** An account was closed or its password reset, here or at another workstation. */
    sessionsEnd(accountId: string): void
    /** The department's server went, or came back. */
    server(reachable: boolean): void
  }
  /** Closes all this, has the database's file exchanged, and opens the program on it again. */
  replace: ReplaceDatabase
  /** What guessing a password costs where it is not what ships: for tests that are not about it. */
  passwordCost?: PasswordCost
}

export type Services = ReturnType<typeof composeServices>

/** Puts the services together. Nothing in here starts anything by itself. */
export function composeServices(surroundings: Surroundings) {
  const { db, place, link, folders, decoder, learner, statistics, version, keychain, tell, replace } = surroundings
  const { passwordCost } = surroundings
  const studyChanged = (studyId: string): void =>
    void blindedReaders(db, studyId).then(
      (blinded) => tell.studyChanged(studyId, blinded),
      // The database was closed meanwhile: nobody is left to be told.
      () => undefined,
    )
  const announce = {
    studyChanged(studyId: string): void {
      studyChanged(studyId)
      link?.tell({ of: 'study', id: studyId })
    },
    sessionsEnd(accountId: string): void {
      tell.sessionsEnd(accountId)
      link?.tell({ of: 'account', id: accountId })
    },
  }
  link?.listen({
    news: ({ of, id }) => (of === 'study' ? studyChanged(id) : tell.sessionsEnd(id)),
    reachable: tell.server,
  })
  // What was read with the keys of whoever leaves is forgotten with them.
  const keyRing = createKeyRing(() => statistics.forget())
  const sealing = createSealing({ db, ring: keyRing })
  const keepers = createKeepers({ db, ring: keyRing })
  const accountKeys = createAccountKeys({ db, ring: keyRing, passwordCost })
  const base = { db, announce, sealing, workstation: workstationOf(folders.workstation) }
  const anchors = createAnchors(db, folders.anchors)
  const settings = createSettings({ db, file: folders.settings })
  const backups = createBackups({
    ...{ db, anchors, settings, replace },
    ...{ database: 'file' in place ? place.file : null, ownFolder: folders.backups },
  })
  const presence = link
    ? createPresence({
        ...{ db, workstation: base.workstation, studyChanged: announce.studyChanged },
        mine: async () => {
          await jobs.claim()
          await training.claim()
          await series.claim()
        },
      })
    : null
  const jobs = createJobs({ ...base, emit: tell.job, begin: async () => presence?.begin() })
  const studies = createStudies(base)
  const scans = createScans({ ...base, jobs, decoder, folders })
  const analysis = createAnalysis({ db, sealing, statistics, studies })
  const rounds = createRounds({ ...base, studies })
  const accounts = createAccounts({ ...base, accountKeys, keepers, passwordCost })
  const whole = createWhole(place)
  const labels = createLabels({ ...base, jobs, whole })
  const references = createReferences(base)
  const { volumePath } = scans
  const evaluator = createEvaluator()
  const regions = createRegions(base)
  const models = createModels({
    ...base,
    jobs,
    learner,
    evaluator,
    folders,
    version,
    commit: programCommit(),
    volumePath,
  })
  const training = createTraining({
    ...base,
    jobs,
    labels,
    learner,
    folders,
    volumePath,
    register: models.register,
    emit: tell.run,
  })
  const packets = createPackets({ ...base, accountKeys, folders, jobs })
  const series = createSeries({ ...base, labels, training, folders })
  const updates = createUpdates({ db, settings, key: updateKey(), version, folder: join(folders.root, 'updates') })

  return {
    accounts,
    /** Keys of those who are there; whoever knows who leaves tells it. */
    keyRing,
    sealing,
    accountKeys,
    keepers,
    studies,
    scans,
    practice: createPractice({ jobs, folders }),
    practiceStudies: createPracticeStudies({ ...base, jobs, decoder, studies, folders }),
    designs: createDesigns({ ...base, models }),
    reading: createReading(base),
    references,
    heelStudies: createHeelStudies({
      ...{ ...base, decoder, accounts, studies, rounds, labels, references, regions, folders },
    }),
    regions,
    readerSettings: createReaderSettings(base),
    calibration: createCalibration(base),
    quality: createQuality(base),
    analysis,
    motion: createMotion(base),
    comparisons: createComparisons({ db, sealing }),
    queues: createQueues({ db, sealing }),
    rounds,
    packets,
    demonstration: createDemonstration({ db, accounts, studies, rounds }),
    labels,
    pacs: createPacs({ db, jobs, scans, labels, version, keychain, folder: folders.credentials }),
    training,
    series,
    retraining: createRetraining({ ...base, labels, training }),
    models,
    experiments: createExperiments({ jobs, learner, folders }),
    jobs,
    learner,
    audit: createAudit({ db, anchors }),
    backups,
    settings,
    parts: createParts(partsFolder()),
    updates,
    places: createPlaces({ ...base, place, link, folders, secrets: createSecrets(folders.secret, keychain) }),
    reportNotes: createReportNotes({ db }),
    exports: createExports({ db, sealing, analysis, labels, models, version }),

    /** What the last run of the program may have left half-way. */
    async recover(): Promise<void> {
      anchors.start()
      backups.start()
      await jobs.markInterrupted()
      await labels.removeLeft()
      await training.markInterrupted()
      await series.markInterrupted()
      // A server that is away keeps nobody out; it is asked again.
      await presence?.watch().catch(() => undefined)
      await models.clearDrafts()
      await scans.clearStaging()
      updates.clear()
    },

    /** Stops all work and the processes that do it; the database is the caller's to close. */
    async close(): Promise<void> {
      keyRing.wipe()
      presence?.stop()
      await packets.atWindow.close()
      series.stop()
      await jobs.stopAll()
      await series.finished()
      await backups.stop()
      await anchors.stop()
      await Promise.all([decoder.close(), learner.end(), statistics.close(), evaluator.close(), whole.close()])
    },
  }
}
