import { rm, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Model } from '../../preload/contract/models.ts'
import { ConcordError } from '../domain/error.ts'
import type { LearnerHost } from '../learning/host.ts'
import { describedIn } from '../learning/model-file.ts'
import { openPackage, packModel, storePackage, type OpenedPackage } from '../learning/model-package.ts'
import { networks } from '../learning/networks/index.ts'
import { writeFailure } from '../learning/write-file.ts'
import { digestOf, record } from '../store/audit.ts'
import type { Connection } from '../store/database.ts'
import { newId, now } from '../store/identity.ts'
import type { Row } from '../store/schema.ts'
import { modelDigest } from '../store/witnesses.ts'
import { scaleOf, studyOf, type Caller, type ServiceBase } from './context.ts'
import type { ModelRows } from './model-rows.ts'

type AskWhere = (suggested: string) => Promise<string | null>

/** Models that leave this workstation as one file, or come to it as one. */
export function createModelPackages({
  db,
  announce,
  learner,
  folders,
  version,
  rows,
}: ServiceBase & { learner: LearnerHost; folders: { models: string }; version: string; rows: ModelRows }) {
  const left = (caller: Caller, row: Row<'model'>, format: string): Promise<void> =>
    db.transaction().execute((t) =>
      record(t, {
        accountId: caller.accountId,
        act: 'exported.model',
        subject: row.id,
        rowDigest: digestOf(row.id, row.sha256, format),
      }),
    )

  return {
    /** Everything another workstation needs, in one file. */
    async exportFile(caller: Caller, modelId: string, ask: AskWhere) {
      const row = await rows.of(caller, modelId)
      const path = await ask(`${fileName(row.name)}.concord-model`)
      if (path === null) return { path, rows: null }
      const members = row.origin === 'ensemble' ? await rows.members(row) : []
      const parts = [...members, row].map(({ sha256, name }) => ({ sha256, name }))
      const bytes = packModel(folders.models, { name: row.name, version, parts })
      await writeFile(path, bytes).catch((error: unknown) => {
        throw writeFailure(path, error)
      })
      await left(caller, row, 'concord')
      return { path, rows: null }
    },

    /** A folder that TensorFlow.js loads. Errors: `export-of-ensemble`, `folder-taken`, `model-not-portable`. */
    async exportTensorflowJs(caller: Caller, modelId: string, ask: AskWhere) {
      const row = await rows.of(caller, modelId)
      if (row.origin === 'ensemble')
        throw new ConcordError('export-of-ensemble', 'TensorFlow.js takes one network: export those of the ensemble.')
      const path = await ask(`${fileName(row.name)}-tfjs`)
      if (path === null) return { path, rows: null }
      const there = await stat(path).catch(() => null)
      if (there && !there.isDirectory())
        throw new ConcordError('folder-taken', `${basename(path)} is a file; name a new folder for the model.`)
      await learner.tensorflowJs({ modelFolder: rows.folderOf(row), sha256: row.sha256, folder: path })
      await left(caller, row, 'tensorflow-js')
      return { path, rows: null }
    },

    /**
     * Takes a model from another workstation. It is opened whole and its weights are put into its network before anything of
     * it is kept. Errors: those of model-package.ts, `model-network-unknown`, `model-other-scale`, `model-known`.
     */
    async importFile(caller: Caller, request: { studyId: string; path: string }): Promise<Model> {
      const study = await studyOf(db, request.studyId)
      const opened = openPackage(request.path)
      checkFits(
        opened,
        scaleOf(study).grades.map((g) => g.value),
      )
      const { manifest, parts } = opened
      const known = await rowOf(db, study.id, manifest.model)
      if (known) throw new ConcordError('model-known', `This model is here already: "${known.name}".`)
      storePackage(folders.models, opened)
      const parameters = new Map<string, number>()
      try {
        for (const { sha256, files } of parts) {
          const described = describedIn(files.get('model.json')!)
          if (described.kind === 'ensemble') continue
          const folder = join(folders.models, sha256)
          await learner.infer({ modelFolder: folder, sha256, rescanFrom: null, scans: [] })
          const { network, classes, preprocessing, head } = described
          const { imageSize } = preprocessing
          const asked = { classes: classes.length, imageSize, ...(head === undefined ? {} : { head }) }
          parameters.set(sha256, (await learner.describe(network, asked)).parameters)
        }
      } catch (error) {
        for (const { sha256 } of parts)
          if (!(await rowOf(db, null, sha256)))
            await rm(join(folders.models, sha256), { recursive: true, force: true }).catch(() => undefined)
        throw error
      }
      const model = await db.transaction().execute(async (t) => {
        const made = new Map<string, Row<'model'>>()
        for (const { sha256, name, files } of parts) {
          const described = describedIn(files.get('model.json')!)
          const there = await rowOf(t, study.id, sha256)
          const ensemble = described.kind === 'ensemble'
          const members = ensemble ? described.members : []
          const row: Row<'model'> = there ?? {
            id: newId(),
            study_id: study.id,
            run_id: null,
            name: name.slice(0, 200),
            sha256,
            parameters: ensemble
              ? members.reduce((sum, one) => sum + (made.get(one)?.parameters ?? 0), 0)
              : parameters.get(sha256)!,
            origin: ensemble ? 'ensemble' : 'import',
            created_at: now(),
          }
          made.set(sha256, row)
          if (there) continue
          await t.insertInto('model').values(row).execute()
          for (const [place, one] of members.entries())
            await t
              .insertInto('model_member')
              .values({ ensemble_id: row.id, model_id: made.get(one)!.id, place })
              .execute()
          await record(t, {
            accountId: caller.accountId,
            act: 'model.imported',
            subject: row.id,
            rowDigest: modelDigest(row),
          })
        }
        return made.get(manifest.model)!
      })
      announce.studyChanged(study.id)
      return rows.view(model)
    },
  }
}

const rowOf = (connection: Connection, studyId: string | null, sha256: string): Promise<Row<'model'> | undefined> =>
  connection
    .selectFrom('model')
    .selectAll()
    .where('sha256', '=', sha256)
    .$if(studyId !== null, (q) => q.where('study_id', '=', studyId!))
    .executeTakeFirst()

/** Refuses a model whose grades are not those of the study, or whose network this version does not have. */
function checkFits({ parts }: OpenedPackage, grades: readonly number[]): void {
  const addresses = new Set(parts.map(({ sha256 }) => sha256))
  for (const { files } of parts) {
    const described = describedIn(files.get('model.json')!)
    if (described.kind === 'ensemble') {
      if (described.members.every((member) => addresses.has(member))) continue
      throw new ConcordError('model-file-foreign', 'The file lacks networks of the ensemble: export it again.')
    }
    if (!networks.some(({ name }) => name === described.network) && !/^cbam/.test(described.network))
      throw new ConcordError(
        'model-network-unknown',
        `This version has no network "${described.network}"; update Concord.`,
      )
    if (described.classes.join() !== grades.join())
      throw new ConcordError(
        'model-other-scale',
        `The model gives the grades ${described.classes.join(', ')}, the study has ${grades.join(', ')}. Nothing was imported.`,
      )
  }
}

/** A name that every file system takes. */
const fileName = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 80) || 'model'
