import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Study } from '../../../preload/contract/studies.ts'
import { ConcordError } from '../../domain/error.ts'
import type { DecoderHost } from '../../imaging/host.ts'
import { regionPlace } from '../../phantom/heel/region.ts'
import { newId } from '../../store/identity.ts'
import type { Accounts } from '../accounts/index.ts'
import { studyOf, type Caller, type ServiceBase } from '../context.ts'
import type { Labels } from '../settling/labels.ts'
import type { References } from '../settling/references.ts'
import type { Regions } from '../regions/index.ts'
import type { Rounds } from '../settling/rounds.ts'
import { castSimulated, simulatedReaders } from './readers.ts'
import { simulateHeelsInto } from './simulation.ts'
import type { Studies } from '../studies/index.ts'
import { takeScan } from '../scans/take-scan.ts'

/** Grades of the template, as phantom/heel/write.ts has them. */
const gradeOf = { CN: 1, OP: 2 } as const
const READERS = 3

export interface HeelStudyWanted {
  title: string
  /** Age-matched pairs of heels, 87 in the paper. */
  pairs: number
  seed: number
  /** Accounts of people who are to read beside the three simulated readers. */
  readerIds: string[]
}

/**
 * The study of 2021 with heels of the phantom and the votes of three simulated readers, whose truth is known. Without people to
 * read it is sealed and its majority frozen, ready for a network; with them it is open and waits for their votes.
 */
export function createHeelStudies({
  db,
  announce,
  decoder,
  accounts,
  studies,
  rounds,
  labels,
  references,
  regions,
  folders,
}: ServiceBase & {
  decoder: DecoderHost
  accounts: Accounts
  studies: Studies
  rounds: Rounds
  labels: Labels
  references: References
  regions: Regions
  folders: { root: string; practice: string; volumes: string }
}) {
  return {
    async make(
      caller: Caller,
      { title, pairs, seed, readerIds }: HeelStudyWanted,
      onProgress: (done: number, total: number) => void = () => undefined,
    ): Promise<Study> {
      if (readerIds.includes(caller.accountId))
        throw new ConcordError('blinded', 'Whoever makes this study knows its truth and cannot read in it.')
      const { id: studyId } = await studies.create(caller, {
        ...{ title, template: 'calcaneus-osteoporosis', readersPerScan: READERS + readerIds.length },
        // Nobody signs in as a simulated reader, whose votes lie beside the others'.
        encrypted: false,
      })
      const study = await studyOf(db, studyId)
      const folder = join(folders.practice, newId())
      const staging = join(folders.root, 'staging', newId())
      await mkdir(staging, { recursive: true })
      try {
        const made = await simulateHeelsInto(
          folder,
          { seed, pairs, readers: READERS },
          { onProgress: ({ done, total }) => onProgress(done, total) },
        )
        const scans = new Map<string, { id: string; pseudonym: string }>()
        for (const [i, { id, side }] of made.patients.entries())
          scans.set(
            id,
            await takeScan({ db, decoder, volumes: folders.volumes }, caller, study, staging, {
              ...{ path: join(folder, made.files[i]!), patientKey: `heel:${id}` },
              ...{ site: 'calcaneus', side, purpose: 'reading' },
            }),
          )
        const truths = made.patients.map(({ id, class: kind }) => ({
          ...{ pseudonym: scans.get(id)!.pseudonym, grade: gradeOf[kind] },
        }))
        await references.set(caller, studyId, truths)
        const places = made.patients.map((patient) => ({ scanId: scans.get(patient.id)!.id, ...regionPlace(patient) }))
        await regions.placeKnown(caller, studyId, places)
        const simulated = await simulatedReaders(db, accounts, caller, READERS)
        await studies.setReaders(caller, { studyId, readerIds: [...simulated, ...readerIds] })
        await studies.open(caller, studyId)
        const names = [...new Set(made.votes.map(({ reader }) => reader))].sort()
        const votes = new Map(
          made.votes.map(({ reader, scan, grade }) => [
            `${simulated[names.indexOf(reader)]!}/${scans.get(scan)!.id}`,
            grade,
          ]),
        )
        await castSimulated(db, accounts, caller, {
          ...{ studyId, readerIds: simulated },
          gradeOf: (readerId, scanId) => votes.get(`${readerId}/${scanId}`)!,
        })
      } finally {
        // The study has its own copy of the pictures.
        await rm(folder, { recursive: true, force: true })
        await rm(staging, { recursive: true, force: true })
      }
      if (readerIds.length === 0) {
        await rounds.seal(caller, { studyId, incomplete: false })
        // What its rule is called is the page's matter.
        await labels.freeze(caller, { studyId, name: title, rule: 'majority' })
      }
      announce.studyChanged(studyId)
      return studies.get(caller, studyId)
    },
  }
}
