import { ConcordError } from '../domain/error.ts'
import type { Engine } from './engine.ts'
import { camProgram, heatOverSlice, lastMaps } from './grad-cam.ts'
import { builtModel } from './infer.ts'
import type { Model } from './model-file.ts'
import type { Tf } from './networks/network.ts'
import { mostProbable } from './prediction.ts'
import { readPictures } from './pictures.ts'
import { shownPart } from './prepare.ts'
import { prepareSlice } from './preprocess.ts'
import { fastest } from './runner.ts'
import type { RegionOfScan } from './types.ts'

export interface HeatRequest {
  modelFolder: string
  sha256: string
  cachePath: string
  /** Where the model sees the region of interest alone. */
  region?: RegionOfScan
  /** Index of the slice in the volume. */
  slice: number
  /** The grade asked about; the slice's most probable one where null. */
  grade: number | null
}

export interface HeatResult {
  width: number
  height: number
  /** 0 to 1, row by row from the top left of the slice, or of the region. */
  values: number[]
  /** The square of the slice that the map lies over; null: all of it. */
  region: { x: number; y: number; edge: number } | null
  grade: number
  probabilities: number[]
  /** The layer whose maps are shown. */
  layer: string
}

/** A stored model, ready to show where it looks. */
export interface Heater {
  model: Model
  of(picture: Float32Array, grade: number | null): { map: Float32Array; label: number; probabilities: number[] }
  cells: [number, number]
  layer: string
  dispose(): void
}

/** @throws ConcordError as infer.ts says. */
export function openHeater(tf: Tf, request: Pick<HeatRequest, 'modelFolder' | 'sha256'>): Heater {
  const { model, built, variables, weights } = builtModel(tf, request.modelFolder, request.sha256)
  let engine: Engine | undefined
  try {
    const layer = lastMaps(built)
    const program = camProgram(tf, built, layer)
    engine = fastest(tf, variables, [program])
    engine.write(weights)
    const classes = model.description.classes
    const run = (picture: Float32Array, label: number) => {
      const asked = Float32Array.from(classes, (_, k) => (k === label ? 1 : 0))
      const [map, probabilities] = engine!.run(program, [picture, asked])
      return { map: map!, label, probabilities: [...probabilities!] }
    }
    return {
      model,
      cells: (layer.outputShape as number[]).slice(1, 3) as [number, number],
      layer: layer.name,
      of(picture, grade) {
        if (grade !== null) return run(picture, classes.indexOf(grade))
        const first = run(picture, 0)
        const label = mostProbable(first.probabilities)
        return label === 0 ? first : run(picture, label)
      },
      dispose() {
        engine?.dispose()
        built.dispose()
      },
    }
  } catch (error) {
    engine?.dispose()
    built.dispose()
    throw error
  }
}

/** @throws ConcordError `slice-unknown`, `grade-unknown`, and as pictures.ts says. */
export async function heatOf(heater: Heater, request: HeatRequest): Promise<HeatResult> {
  const { classes, preprocessing } = heater.model.description
  if (request.grade !== null && !classes.includes(request.grade))
    throw new ConcordError('grade-unknown', `${request.grade} is not a grade that this model gives.`, 'grade')
  const { pictures } = await readPictures(request.cachePath, (depth) => {
    if (request.slice < depth) return [request.slice]
    throw new ConcordError('slice-unknown', `The scan has ${depth} slices; there is no slice ${request.slice + 1}.`)
  })
  const picture = shownPart(pictures[0]!, request.region, preprocessing)
  const { map, label, probabilities } = heater.of(prepareSlice(picture, preprocessing), request.grade)
  const { region } = request
  return {
    ...heatOverSlice(map, heater.cells, picture),
    region: preprocessing.region && region ? { x: region.x, y: region.y, edge: region.edge } : null,
    grade: classes[label]!,
    probabilities,
    layer: heater.layer,
  }
}
