import { createInterface } from 'node:readline'
import { contender, type Contender } from './contender.ts'
import { deviceOf } from '../../src/main/learning/device.ts'
import { loadTensorflow } from '../../src/main/learning/tensorflow.ts'
import type { Job } from './peers.ts'

// Concord as one of those compared (peers.ts): a JSON object a line in, the seconds it took out.
const tensorflow = loadTensorflow()
const { kind, name } = deviceOf(tensorflow)
const say = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`)
say(`Concord, ${kind === 'gpu' ? name : 'CPU'}`)
const made = new Map<string, Contender>()
for await (const line of createInterface({ input: process.stdin })) {
  const job = JSON.parse(line) as Job
  const key = JSON.stringify([job.net, job.size, job.batch])
  const own = made.get(key) ?? contender(tensorflow.tf, job)
  made.set(key, own)
  const began = performance.now()
  for (let step = 0; step < job.steps; step++) own[job.what]()
  say((performance.now() - began) / 1000)
}
