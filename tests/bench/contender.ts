import { randomFrom } from '../../src/main/domain/random.ts'
import { networkNamed } from '../../src/main/learning/networks/index.ts'
import type { Tf } from '../../src/main/learning/networks/network.ts'
import { runner } from '../../src/main/learning/runner.ts'
import type { Job } from './peers.ts'

export interface Contender {
  train(): void
  grade(): void
  dispose(): void
}

/** Concord's own network as training and grading step it, on pictures of noise. */
export function contender(tf: Tf, { net, size, batch }: Pick<Job, 'net' | 'size' | 'batch'>): Contender {
  const classes = [1, 2, 3, 4, 5]
  const scale = { imageSize: size, batch, seed: 1, classes, learningRate: 1e-3 }
  const run = runner(tf, networkNamed(net === 'bn' ? 'cbam-elu-no-attention' : net), scale, [batch])
  const pictures = noise(batch * size * size)
  const each = Array.from({ length: batch }, (_, i) => pictures.subarray(i * size * size, (i + 1) * size * size))
  const labels = Array.from({ length: batch }, (_, index) => index % classes.length)
  const targets = Float32Array.from(labels.flatMap((label) => classes.map((_, k) => (k === label ? 1 : 0))))
  const weights = new Float32Array(batch).fill(1 / batch)
  let step = 0
  return {
    train: () => void run.step({ size: batch, pictures, targets, weights, labels }, ++step),
    grade: () => void run.predictor.predict(each),
    dispose: () => run.dispose(),
  }
}

export function noise(length: number): Float32Array {
  const random = randomFrom('bench')
  return Float32Array.from({ length }, () => random.uniform())
}
