import type { Tf } from './networks/network.ts'
import { checkFeeds, tidied } from './engine.ts'
import type { Engine, Variables } from './engine.ts'

/** Runs programs operation by operation. Slower than a graph; works with whatever the library can do. */
export function eagerEngine(tf: Tf, variables: Variables): Engine {
  return {
    kind: 'eager',
    run(program, feeds) {
      checkFeeds(program, feeds)
      return tidied(tf, () => {
        const fed = feeds.map((values, index) => tf.tensor(values, program.feeds[index]))
        return program.compute(fed).map((output) => Float32Array.from(output.dataSync()))
      })
    },
    read: () =>
      new Map(
        [...variables].map(([name, variable]) => [
          name,
          { shape: variable.shape, data: Float32Array.from(variable.dataSync()) },
        ]),
      ),
    write(values) {
      for (const [name, { shape, data }] of values) {
        tf.tidy(() => variables.get(name)!.assign(tf.tensor(data.slice(), shape)))
      }
    },
    dispose: () => undefined,
  }
}
