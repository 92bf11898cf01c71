import '../app/compiler.ts'
import { setFlagsFromString } from 'node:v8'
import { asConcordError, discover } from './discover.ts'
import { decodeToCache, inspect } from './decode.ts'
import { estimateMotion } from './estimate-motion.ts'
import { HEAP_MEGABYTES } from './memory.ts'
import type { Discovered, Reply, Request } from './protocol.ts'

/**
 * The decoder's process: reads files nobody vouches for, so that what goes wrong here ends here. Started by host.ts as a
 * child process or by utility-host.ts as Electron's utility process.
 */

setFlagsFromString(`--max-old-space-size=${HEAP_MEGABYTES}`)

/** Electron's utility process talks over parentPort, a forked one over process.send. */
interface ParentPort {
  on(event: 'message', listener: (event: { data: unknown }) => void): void
  postMessage(message: unknown): void
}
const parentPort = (process as unknown as { parentPort?: ParentPort }).parentPort

function reply(message: Reply): void {
  if (parentPort) parentPort.postMessage(message)
  else process.send?.(message)
}

async function serve(request: Request): Promise<unknown> {
  switch (request.kind) {
    case 'discover': {
      const { sources, refused } = await discover(request.paths, (files) =>
        reply({ id: request.id, kind: 'progress', files }),
      )
      const failures = refused.map(({ path, error }) => ({ path, error: { code: error.code, message: error.message } }))
      return { sources, refused: failures } satisfies Discovered
    }
    case 'inspect':
      return inspect(request.source, request.options, { maxBytes: request.maxBytes })
    case 'estimateMotion':
      return estimateMotion(request.path)
    case 'decodeToCache':
      return decodeToCache(request.source, request.folder, { maxBytes: request.maxBytes })
  }
}

async function answer(request: Request): Promise<void> {
  try {
    reply({ id: request.id, kind: 'done', result: await serve(request) })
  } catch (error) {
    const path =
      request.kind === 'discover'
        ? (request.paths[0] ?? '')
        : request.kind === 'estimateMotion'
          ? request.path
          : request.source.path
    const { code, message } = asConcordError(path, error)
    reply({ id: request.id, kind: 'failed', error: { code, message } })
  }
}

// The host sends one request at a time.
if (parentPort) parentPort.on('message', ({ data }) => void answer(data as Request))
else {
  process.on('message', (message) => void answer(message as Request))
  // The parent is gone: nobody is left to answer.
  process.on('disconnect', () => process.exit(0))
}
