import type { Recipe } from '../../../preload/contract/training.ts'
import { regionEdgeMm, regionPixels } from '../../../preload/contract/regions.ts'
import { readDescription } from '../../learning/model-file.ts'
import type { Preprocessing } from '../../learning/types.ts'
import type { Connection } from '../../store/database.ts'
import type { Row } from '../../store/schema.ts'
import { designOf } from '../design-of.ts'
import { regionsDigest, type RegionsFrom, type RegionsOfScans } from './rows.ts'
import { contentsOf } from '../scans/contents.ts'

type RegionInput = NonNullable<Preprocessing['region']>

/** The region as a network's input: 16 mm as 400 x 400 pixels (2021 paper, section 2.1), then fitted into the network's own. */
export const regionInput = (from: RegionsFrom): RegionInput => ({
  edgeMm: regionEdgeMm,
  edgePixels: regionPixels,
  from,
})

/** Which regions a recipe wants in a study; null: whole pictures. */
export function regionsWanted(study: Row<'study'>, wanted: Recipe['region']): RegionsFrom | null {
  if (wanted !== 'as-study') return wanted === 'whole' ? null : wanted
  const { ask } = designOf(study).region
  return ask === 'off' ? null : ask === 'own' ? 'readers' : 'study'
}

/** What of a radiograph a stored network sees; null where it sees all of it. Throws `model-missing`, `model-foreign`. */
export function regionInputOf(folder: string): RegionInput | null {
  const description = readDescription(folder)
  return description.kind === 'network' ? (description.preprocessing.region ?? null) : null
}

/** What a model's card says of the regions it learned from: whose, how many, and the digest of pictures and places. */
export async function regionCard(connection: Connection, { from, of }: RegionsOfScans) {
  const ids = Object.keys(of)
  const scans = [...(await contentsOf(connection, ids))].map(([id, content]) => ({ content, region: of[id]! }))
  return {
    ...regionInput(from),
    placedBy:
      from === 'study'
        ? 'the study: one region a scan, placed by a lead or an assistant'
        : 'the readers: the mean of their middles, and the study’s region where no reader placed one',
    scans: ids.length,
    digest: regionsDigest(scans),
  }
}
