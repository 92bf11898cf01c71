import type { Recipe } from '../../../preload/contract/training.ts'
import type { Connection } from '../../store/database.ts'
import type { Row } from '../../store/schema.ts'
import { regionsWanted } from '../regions/input.ts'
import { networkRegions } from '../regions/rows.ts'
import type { StoredFolds } from './runs.ts'

/** Where the recipe's regions are now; none for whole pictures. Error: `roi-missing`. */
export async function regionsNow(
  connection: Connection,
  study: Row<'study'>,
  scanIds: string[],
  recipe: Recipe,
): Promise<StoredFolds['regions']> {
  const from = regionsWanted(study, recipe.region)
  if (from === null) return undefined
  const of = await networkRegions(connection, study.id, scanIds, from, ', or train on whole pictures')
  return { from, of: Object.fromEntries(of) }
}
