import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { ModelCard } from '../../learning/model-file.ts'
import type { Connection } from '../../store/database.ts'
import { now } from '../../store/identity.ts'
import { studyOf } from '../context.ts'
import { designOf } from '../design-of.ts'
import { intendedUse } from './rows.ts'
import { estimateOf } from '../settling/estimated-labels.ts'
import type { Trained } from '../training/trained.ts'
import { withoutPaths } from '../training/recipe.ts'
import { regionCard } from '../regions/input.ts'
import { contentsOf } from '../scans/contents.ts'

/** The program that trains: its version, and the commit that it was built from (null where it runs from its sources). */
export interface Maker {
  version: string
  commit: string | null
}

/**
 * What a trained network says of itself: all that somebody needs to say what it learned from, and to train it again. It names no
 * person and no place: scans by the digest of their content, readers by their number.
 * @param scaling How its temperature was chosen.
 */
export async function networkCard(
  connection: Connection,
  trained: Trained,
  scaling: object,
  program: Maker,
): Promise<ModelCard> {
  const { labelSet, recipe, result, figures, regions, scale } = trained
  const contents = await contentsOf(connection, Object.keys(trained.folds))
  return {
    program,
    scale,
    reading: await readingOf(connection, trained),
    labelSet: {
      ...{ name: labelSet.name, rule: labelSet.rule, votesDigest: labelSet.digest, frozenAt: labelSet.created_at },
      ...labelsUsed(trained, contents),
      // Of Dawid and Skene's rule: whether its estimate had converged.
      ...(estimateOf(labelSet) ?? {}),
    },
    split: splitOf(trained, contents),
    ...(trained.reproduces ? { reproduces: trained.reproduces } : {}),
    ...(regions ? { region: await regionCard(connection, regions) } : {}),
    recipe: withoutPaths(recipe),
    ...(recipe.pretrained === null ? {} : { pretrained: await fileDigest(recipe.pretrained) }),
    bestEpoch: result.bestEpoch,
    epochsRun: result.epochsRun,
    device: result.device,
    versions: result.versions,
    engine: result.engine,
    figures,
    scaling,
    intendedUse,
    trainedAt: now(),
  }
}

/** How the votes behind the labels were cast. */
async function readingOf(connection: Connection, { labelSet }: Trained) {
  const study = await studyOf(connection, labelSet.study_id)
  const { count } = await connection
    .selectFrom('study_reader')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('study_id', '=', study.id)
    .executeTakeFirstOrThrow()
  const { repeats, rounds, pairedModelId, confidence, region } = designOf(study)
  return {
    ...{ template: study.template, readers: Number(count), readersPerScan: study.readers_per_scan },
    ...{ blind: true, encryptedUntilSeal: study.votes_encrypted === 1, repeats, rounds, confidence },
    ...{ modelShownAfterFirstVote: pairedModelId !== null, region: region.ask },
  }
}

/** How many labels took part, and their digest: SHA-256 of a line `content grade` a scan, sorted; of soft labels the shares too. */
function labelsUsed({ labels, folds, recipe }: Trained, contents: ReadonlyMap<string, string>) {
  const used = labels.filter(({ scanId }) => folds[scanId] !== undefined)
  const lines = used.map(({ scanId, grade, distribution }) =>
    [contents.get(scanId) ?? '-', grade, ...(recipe.softLabels ? distribution : [])].join(' '),
  )
  return {
    labels: used.length,
    adjudicated: used.filter(({ origin }) => origin === 'adjudicated').length,
    labelsDigest: createHash('sha256')
      .update(
        lines
          .sort()
          .map((line) => `${line}\n`)
          .join(''),
      )
      .digest('hex'),
  }
}

/**
 * How the scans were shared out, by the digest of their content: on another workstation it says whether a scan there was
 * learned from, and names nobody.
 */
function splitOf({ folds, recipe }: Trained, contents: ReadonlyMap<string, string>) {
  const parts = Object.entries(folds).flatMap(([id, fold]) => (contents.has(id) ? [[contents.get(id)!, fold]] : []))
  return { seed: recipe.seed, by: 'patient', scans: Object.fromEntries(parts) as Record<string, string> }
}

/** Of the weights that a run started from: their file's name, since a path may name a person, and its digest (null: it is gone by now). */
async function fileDigest(path: string): Promise<{ file: string; sha256: string | null }> {
  const hash = createHash('sha256')
  const read = await pipeline(createReadStream(path), hash).then(
    () => true,
    () => false,
  )
  return { file: basename(path), sha256: read ? hash.digest('hex') : null }
}
