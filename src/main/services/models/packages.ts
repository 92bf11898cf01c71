import { rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Model } from '../../../preload/contract/models.ts'
import { ConcordError } from '../../domain/error.ts'
import type { LearnerHost } from '../../learning/host.ts'
import { networks, variantsOf } from '../../learning/networks/index.ts'
import type { PackageContents } from '../../learning/packages.ts'
import { digestOf, record } from '../../store/audit.ts'
import type { Connection } from '../../store/database.ts'
import { newId, now } from '../../store/identity.ts'
import type { Row } from '../../store/schema.ts'
import { recordModel } from '../../store/witness/record.ts'
import { domainScale, studyOf, type AskWhere, type Caller, type ServiceBase } from '../context.ts'
import type { ModelRows } from './rows.ts'

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
      await learner.modelFile({ act: 'write', root: folders.models, path, name: row.name, version, parts })
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
      const { path } = request
      const { model: address, parts } = (await learner.modelFile({ act: 'open', path }))!
      checkFits(parts, domainScale(study).categories)
      const known = await rowOf(db, study.id, address)
      if (known) throw new ConcordError('model-known', `This model is here already: "${known.name}".`)
      await learner.modelFile({ act: 'keep', path, root: folders.models })
      const parameters = new Map<string, number>()
      try {
        for (const { sha256, description } of parts) {
          if (description.kind === 'ensemble') continue
          const folder = join(folders.models, sha256)
          await learner.infer({ modelFolder: folder, sha256, rescanFrom: null, scans: [] })
          const { network, classes, preprocessing, head } = description
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
        for (const { sha256, name, description } of parts) {
          const there = await rowOf(t, study.id, sha256)
          const ensemble = description.kind === 'ensemble'
          const members = ensemble ? description.members : []
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
          await recordModel(t, { accountId: caller.accountId, act: 'model.imported' }, row)
        }
        return made.get(address)!
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
function checkFits(parts: PackageContents['parts'], grades: readonly number[]): void {
  const addresses = new Set(parts.map(({ sha256 }) => sha256))
  for (const { description } of parts) {
    if (description.kind === 'ensemble') {
      if (description.members.every((member) => addresses.has(member))) continue
      throw new ConcordError('model-file-foreign', 'The file lacks networks of the ensemble: export it again.')
    }
    if (!isNetwork(description.network))
      throw new ConcordError(
        'model-network-unknown',
        `This version has no network "${description.network}"; update Concord.`,
      )
    if (description.classes.join() !== grades.join())
      throw new ConcordError(
        'model-other-scale',
        `The model gives the grades ${description.classes.join(', ')}, the study has ${grades.join(', ')}. Nothing was imported.`,
      )
  }
}

const isNetwork = (name: string): boolean =>
  networks.some((network) => network.name === name || variantsOf(network.name).includes(name))

/** A name that every file system takes. */
const fileName = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 80) || 'model'
