import type { z } from 'zod'
import { allRoutes, type Contract } from '../../preload/contract/index.ts'
import type { Session } from '../../preload/contract/accounts.ts'
import type { Failure, Outcome, Route } from '../../preload/contract/route.ts'
import { ConcordError, messageOf } from '../domain/error.ts'
import { Written } from '../domain/written.ts'
import { storageError } from '../domain/storage-error.ts'

/** Who is asking: one window, and the person signed in at it. */
export interface Desk {
  session: Session | null
  readonly locked: boolean
  lock(): void
  unlock(): void
  signIn(session: Session): void
  signOut(): void
}

type RequestOf<R> = R extends Route<infer Q, z.ZodType> ? z.output<Q> : never
type ReplyOf<R> = R extends Route<z.ZodType, infer P> ? z.input<P> : never
type Handler<R> = (
  request: RequestOf<R>,
  caller: R extends Route ? Session : never,
  desk: Desk,
) => Promise<Said<R>> | Said<R>
type Said<R> = ReplyOf<R> | Written<ReplyOf<R>>

/** One handler a route. For a route open to `anyone` the caller may be nobody: read `desk.session` there. */
export type Handlers = { [A in keyof Contract]: { [V in keyof Contract[A]]: Handler<Contract[A][V]> } }

export type Dispatch = (channel: string, payload: unknown, desk: Desk) => Promise<Outcome<unknown>>

/**
 * Checks the caller's right, then the request, calls the handler, checks the reply; one that is written already is not read here,
 * and tests hold it against the contract. Whatever goes wrong comes back as an
 * error value; an unexpected error is logged here and told to the page without its details.
 * @param onDamage hears of it when the database turns out to be damaged
 */
export function createDispatch(
  handlers: Handlers,
  log: (line: string) => void,
  onDamage: (why: ConcordError) => void = () => undefined,
): Dispatch {
  const routes = new Map(allRoutes().map((r) => [r.channel, r]))
  return async (channel, payload, desk) => {
    const found = routes.get(channel)
    if (!found) return refuse('route-unknown', 'The program does not know this request.')
    const { route, area, verb } = found
    const refusal = accessRefusal(route, desk)
    if (refusal) return refusal
    const request = route.request.safeParse(payload)
    if (!request.success) {
      const issue = request.error.issues[0]
      const field = issue?.path.join('.')
      return refuse(
        'request-invalid',
        `${field ? `${field}: ` : ''}${issue?.message ?? 'not valid'}`,
        field || undefined,
      )
    }
    try {
      const handler = (handlers[area] as Record<string, Handler<Route>>)[verb]!
      const reply = await handler(request.data, desk.session as Session, desk)
      if (reply instanceof Written) return { ok: true, value: reply }
      const checked = route.reply.safeParse(reply)
      if (checked.success) return { ok: true, value: checked.data }
      log(
        `${channel}: reply does not fit the contract: ${checked.error.issues.map((i) => `${i.path.join('.')} ${i.message}`).join('; ')}`,
      )
      return refuse('reply-invalid', 'The program made a mistake in its answer. Nothing was lost; the log says more.')
    } catch (error) {
      const known = error instanceof ConcordError ? error : storageError(error)
      if (known?.code === 'database-damaged') onDamage(known)
      if (known && known !== error) log(`${channel}: ${known.code} ${messageOf(error)}`)
      if (known) return refuse(known.code, known.message, known.field, known.wait)
      log(`${channel}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
      return refuse('unexpected', 'Something unexpected went wrong. What was saved before is safe; the log says more.')
    }
  }
}

function accessRefusal(route: Route, { session, locked }: Desk): { ok: false; error: Failure } | null {
  if (route.access === 'anyone') return null
  if (!session) return refuse('not-signed-in', 'Sign in first.')
  if (locked && !route.evenWhile.includes('locked'))
    return refuse('locked', 'The window is locked. Unlock it with your password.')
  if (session.mustChangePassword && !route.evenWhile.includes('password-must-change'))
    return refuse('password-must-change', 'An administrator has set your password. Choose one of your own first.')
  const allowed = route.access
  if (allowed === 'signed-in' || session.roles.some((role) => allowed.includes(role))) return null
  return refuse('not-allowed', 'Your role does not include this. Ask your department lead.')
}

const refuse = (code: string, message: string, field?: string, wait?: number): { ok: false; error: Failure } => ({
  ok: false,
  error: { code, message, ...(field === undefined ? {} : { field }), ...(wait === undefined ? {} : { wait }) },
})
