import { utilityProcess } from 'electron'
import { entry } from '../app/entries.ts'
import { createDecoderHost, type DecoderHost, type HostOptions } from './host.ts'
import { HEAP_MEGABYTES } from './memory.ts'
import type { Reply } from './protocol.ts'

/** The host for the window program: the decoder is one of Electron's utility processes. Loaded by the window alone. */
export function createUtilityHost(options: HostOptions = {}): DecoderHost {
  return createDecoderHost(() => {
    const child = utilityProcess.fork(entry('decoder'), [], {
      serviceName: 'Concord decoder',
      execArgv: [`--max-old-space-size=${HEAP_MEGABYTES}`],
      stdio: 'ignore',
    })
    // A fatal error of V8 is told before the exit, which is what counts.
    child.on('error', () => undefined)
    return {
      send: (request) => child.postMessage(request),
      onReply: (listener) => void child.on('message', (message: Reply) => listener(message)),
      onExit: (listener) => void child.once('exit', () => listener()),
      kill: () => void child.kill(),
    }
  }, options)
}
