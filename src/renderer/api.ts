import type { Area, ConcordApi, EventName, EventOf } from '../preload/contract/index.ts'
import type { Failure as FailureValue, Outcome } from '../preload/contract/route.ts'

/** An error value of the main process, thrown on this side of the border. `code` for decisions, `message` for people. */
export class Failure extends Error {
  readonly code: string
  readonly field: string | undefined
  /** Seconds, from when it came, until trying again can help. */
  readonly wait: number | undefined

  constructor(value: FailureValue) {
    super(value.message)
    this.name = 'Failure'
    this.code = value.code
    this.field = value.field
    this.wait = value.wait
  }
}

/** Anything caught, as a Failure: what the page shows always has a code and a sentence. */
export function asFailure(caught: unknown): Failure {
  if (caught instanceof Failure) return caught
  const message = caught instanceof Error ? caught.message : String(caught)
  return new Failure({ code: 'unexpected', message })
}

type Unwrapped<F> = F extends (request: infer Q) => Promise<Outcome<infer P>> ? (request: Q) => Promise<P> : never
type Api = { readonly [A in Area]: { readonly [V in keyof ConcordApi[A]]: Unwrapped<ConcordApi[A][V]> } }
type Call = (request: unknown) => Promise<Outcome<unknown>>

function bridge(area: string, verb: string): Call {
  const verbs = (window.concord as unknown as Record<string, Record<string, Call>>)[area]
  const call = verbs?.[verb]
  if (!call) throw new Failure({ code: 'route-unknown', message: `The program has no ${area}.${verb}.` })
  return call
}

/** Asks the main process. Requests are small values; the copy takes Vue's proxies off, which cannot cross the border. */
async function ask(area: string, verb: string, request: unknown): Promise<unknown> {
  const outcome = await bridge(area, verb)(JSON.parse(JSON.stringify(request)))
  if (!outcome.ok) throw new Failure(outcome.error)
  return outcome.value
}

function areaProxy(area: string): object {
  return new Proxy({}, { get: (_target, verb) => (request: unknown) => ask(area, String(verb), request) })
}

/** Every route of the contract as `api.area.verb(request)`: resolves to the value or throws a `Failure`. */
export const api = new Proxy({} as Api, { get: (_target, area) => areaProxy(String(area)) })

/** Calls back at each event of that name; returns a function that stops it. */
export function onEvent<N extends EventName>(name: N, listener: (payload: EventOf<N>) => void): () => void {
  return window.concord.on(name, listener)
}

/** Absolute path of a file or folder dropped on the page. */
export function pathOf(file: File): string {
  return window.concord.pathOf(file)
}
