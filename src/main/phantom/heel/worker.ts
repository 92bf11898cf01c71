import { parentPort } from 'node:worker_threads'
import { messageOf } from '../../domain/error.ts'
import type { HeelPatient } from './patients.ts'
import { heelRadiograph } from './radiograph.ts'
import type { HeelRadiograph } from './radiograph.ts'

export type HeelResult = { radiograph: HeelRadiograph } | { error: string }

/** One radiograph a message. */
parentPort?.on('message', (patient: HeelPatient) => {
  let result: HeelResult
  try {
    result = { radiograph: heelRadiograph(patient) }
  } catch (error) {
    result = { error: messageOf(error) }
  }
  parentPort?.postMessage(result, 'radiograph' in result ? [result.radiograph.pixels.buffer] : [])
})
