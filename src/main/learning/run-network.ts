import { ConcordError } from '../domain/error.ts'
import { withNpy } from '../imaging/npy.ts'
import type { Engine } from './engine.ts'
import { checkPictureSize, networkNamed } from './networks/index.ts'
import type { Tf } from './networks/network.ts'
import { predictor } from './predictor.ts'
import { fastest } from './runner.ts'
import { modelVariables, predictProgram } from './step.ts'
import type { RunRequest } from './types.ts'
import { openWeights } from './weights/load.ts'

/** Pictures a step: enough to keep the processor busy, few enough for the largest network. */
const most = 8

/**
 * Probabilities of a network with given weights for a batch of pictures, fed as they are.
 * @throws ConcordError `network-unknown`, `array-shape`, `picture-too-small`, `result-not-a-number`, and as imaging/npy.ts and
 * weights/load.ts say.
 */
export async function runNetwork(tf: Tf, request: RunRequest): Promise<number[][]> {
  const network = networkNamed(request.network)
  const { shape, data } = await withNpy(request.input, async (file) => {
    const size = file.shape.reduce((product, edge) => product * edge, 1)
    return { shape: file.shape, data: Float32Array.from(await file.values(0, size)) }
  })
  const { edge, channels } = network.input
  const [count, height, width] = shape as [number, number, number]
  if (shape.length !== 4 || shape[3] !== channels || count === 0) {
    throw new ConcordError(
      'array-shape',
      `${network.title} takes an array n x ${edge} x ${edge} x ${channels}, not ${shape.join(' x ') || 'one number'}.`,
    )
  }
  checkPictureSize(network, Math.min(height, width))
  const weights = await openWeights(network, request.weights)
  try {
    const classes = request.classes ?? weights.classes
    const model = network.build(tf, { inputShape: [height, width, channels], classes, seed: null })
    let engine: Engine | undefined
    try {
      const arrays = weights.arraysFor(model)
      const program = predictProgram(model, Math.min(count, most))
      engine = fastest(tf, modelVariables(model), [program])
      engine.write(arrays)
      const pixels = height * width * channels
      const pictures = Array.from({ length: count }, (_, index) => data.subarray(index * pixels, (index + 1) * pixels))
      const rows = predictor(engine, program).predict(pictures)
      if (rows.flat().every(Number.isFinite)) return rows
      throw new ConcordError(
        'result-not-a-number',
        'The probabilities are not numbers: the input or the weights hold values that are none.',
      )
    } finally {
      engine?.dispose()
      model.dispose()
    }
  } finally {
    weights.close()
  }
}
