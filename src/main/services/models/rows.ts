import { join } from 'node:path'
import { heldOutFigures, recipe as recipeSchema } from '../../../preload/contract/training.ts'
import { scaling as scalingSchema, type Model } from '../../../preload/contract/models.ts'
import { ConcordError } from '../../domain/error.ts'
import { readCard, readDescription } from '../../learning/model-file.ts'
import type { Database } from '../../store/database.ts'
import type { Row } from '../../store/schema.ts'
import { refuseBlinded, studyOf, type Caller } from '../context.ts'
import { storedRecipe } from '../training/recipe.ts'
import { regionInputOf } from '../regions/input.ts'

export type ModelRows = ReturnType<typeof createModelRows>

export const intendedUse =
  'Research and quality control in the department that trained it. It proposes a grade; it does not decide.'

/** What the probabilities of a model's networks, and then those of the whole, are scaled by before people get them. */
export interface Scaling {
  /** In the order of the networks. */
  networks: (number | null)[]
  whole: number | null
}

/** Models as they are stored and as the page sees them: of a run, imported, or made of others. */
export function createModelRows({ db, folders }: { db: Database; folders: { models: string } }) {
  const folderOf = (row: Pick<Row<'model'>, 'sha256'>): string => join(folders.models, row.sha256)

  async function members(row: Row<'model'>): Promise<Row<'model'>[]> {
    return db
      .selectFrom('model_member')
      .innerJoin('model', 'model.id', 'model_member.model_id')
      .selectAll('model')
      .where('model_member.ensemble_id', '=', row.id)
      .orderBy('model_member.place')
      .execute()
  }

  /** What a model says of itself, from its run or from its card. */
  async function provenance(row: Row<'model'>) {
    if (row.run_id !== null) {
      const run = await db.selectFrom('training_run').selectAll().where('id', '=', row.run_id).executeTakeFirstOrThrow()
      const set = await db
        .selectFrom('label_set')
        .selectAll()
        .where('id', '=', run.label_set_id)
        .executeTakeFirstOrThrow()
      const recipe = storedRecipe(run.recipe)
      const figures = run.figures ? (JSON.parse(run.figures) as Pick<Model, 'test' | 'validation'>) : null
      return {
        network: recipe.network,
        labelSetName: set.name,
        votesDigest: set.digest,
        device: run.device ?? '',
        versions: run.versions ? (JSON.parse(run.versions) as Record<string, string>) : {},
        recipe,
        test: figures?.test ?? null,
        validation: figures?.validation ?? null,
        intendedUse,
      }
    }
    const folder = folderOf(row)
    const description = readDescription(folder)
    return { network: description.kind === 'network' ? description.network : 'ensemble', ...fromCard(readCard(folder)) }
  }

  /** A model whose files are gone says nothing of its input. */
  function seenBy(row: Row<'model'>, ensemble: boolean): Model['region'] {
    if (ensemble) return null
    try {
      const how = regionInputOf(folderOf(row))
      const card = readCard(folderOf(row))['region'] as { digest?: unknown } | undefined
      return how && { ...how, digest: typeof card?.digest === 'string' ? card.digest : null }
    } catch {
      return null
    }
  }

  return {
    folderOf,
    members,

    /** A model that this person may know. Errors: `model-unknown`, `blinded`. */
    async of(caller: Caller, modelId: string): Promise<Row<'model'>> {
      const row = await db.selectFrom('model').selectAll().where('id', '=', modelId).executeTakeFirst()
      if (!row) throw new ConcordError('model-unknown', 'There is no such model.')
      await refuseBlinded(db, caller, await studyOf(db, row.study_id))
      return row
    },

    /** The networks that grade for a model: itself, or those it is made of. */
    async networks(row: Row<'model'>): Promise<Row<'model'>[]> {
      return row.origin === 'ensemble' ? members(row) : [row]
    },

    /** How the answers of an ensemble's networks become one. */
    ruleOf(row: Row<'model'>): 'mean' | 'majority' {
      const description = readDescription(folderOf(row))
      return description.kind === 'ensemble' ? description.rule : 'mean'
    },

    /** A network has its own temperature; an ensemble one for the combined answer, or its networks have theirs. */
    async scaling(row: Row<'model'>): Promise<Scaling> {
      const description = readDescription(folderOf(row))
      const own = description.temperature ?? null
      if (description.kind === 'network') return { networks: [null], whole: own }
      const networks = (await members(row)).map((member) =>
        description.temperature === undefined ? (readDescription(folderOf(member)).temperature ?? null) : null,
      )
      return { networks, whole: own }
    },

    async requireInUse(row: Row<'model'>): Promise<void> {
      const retired = await db.selectFrom('model_retired').selectAll().where('model_id', '=', row.id).executeTakeFirst()
      if (retired)
        throw new ConcordError(
          'model-retired',
          `"${row.name}" was taken out of use (${retired.reason}). Choose another.`,
        )
    },

    async view(row: Row<'model'>): Promise<Model> {
      const retired = await db
        .selectFrom('model_retired')
        .innerJoin('account', 'account.id', 'model_retired.account_id')
        .select(['model_retired.reason as reason', 'model_retired.at as at', 'account.display_name as by'])
        .where('model_id', '=', row.id)
        .executeTakeFirst()
      const ensemble = row.origin === 'ensemble'
      return {
        id: row.id,
        runId: row.run_id,
        origin: row.origin,
        studyId: row.study_id,
        name: row.name,
        sha256: row.sha256,
        parameters: row.parameters,
        ...(await provenance(row)),
        region: seenBy(row, ensemble),
        members: ensemble ? (await members(row)).map(({ id, name }) => ({ id, name })) : [],
        rule: ensemble ? this.ruleOf(row) : null,
        scaling: scalingIn(folderOf(row)),
        previousId: await previousOf(db, row),
        retired: retired ?? null,
        createdAt: row.created_at,
      }
    },
  }
}

/** The model of the run that this one's run was started again from. */
async function previousOf(db: Database, row: Row<'model'>): Promise<string | null> {
  if (row.run_id === null) return null
  const found = await db
    .selectFrom('training_run')
    .innerJoin('model', 'model.run_id', 'training_run.based_on')
    .select('model.id as id')
    .where('training_run.id', '=', row.run_id)
    .executeTakeFirst()
  return found?.id ?? null
}

/** What the card says of the choice of a temperature; null for models from before there was one. */
function scalingIn(folder: string): Model['scaling'] {
  try {
    const found = scalingSchema.safeParse(readCard(folder)['scaling'])
    return found.success ? found.data : null
  } catch {
    // A model whose files are gone is still listed; using it says what is missing.
    return null
  }
}

/** A card may have been written elsewhere: what is not as expected is left out, never guessed. */
function fromCard(card: Record<string, unknown>) {
  const part = (key: string): Record<string, unknown> =>
    typeof card[key] === 'object' && card[key] !== null ? (card[key] as Record<string, unknown>) : {}
  const text = (value: unknown): string => (typeof value === 'string' ? value : '')
  const figures = (key: string) => {
    const found = heldOutFigures.safeParse(part('figures')[key])
    return found.success ? found.data : null
  }
  const recipe = recipeSchema.safeParse(card['recipe'])
  const { kind: _, name, ...device } = part('device')
  return {
    labelSetName: text(part('labelSet')['name']),
    votesDigest: text(part('labelSet')['votesDigest']),
    device: text(name) || text(Object.values(device)[0]),
    versions: Object.fromEntries(
      Object.entries(part('versions')).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])),
    ),
    recipe: recipe.success ? recipe.data : null,
    test: figures('test'),
    validation: figures('validation'),
    intendedUse: text(card['intendedUse']),
  }
}
