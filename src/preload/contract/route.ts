import { z } from 'zod'

/** What a person may do here. An account holds one or several roles. */
export const role = z.enum(['administrator', 'lead', 'reader', 'trainer'])
export type Role = z.infer<typeof role>

/** Who may call a route: `anyone` (also before sign-in), `signed-in`, or holders of one of the listed roles. */
export type Access = 'anyone' | 'signed-in' | readonly Role[]

/** One request of the page and its reply: the single place where both are described. */
export interface Route<Request extends z.ZodType = z.ZodType, Reply extends z.ZodType = z.ZodType> {
  readonly access: Access
  readonly request: Request
  readonly reply: Reply
  /** States of the session in which it is answered all the same. */
  readonly evenWhile: readonly Held[]
}

/** What keeps a signed-in session from everything: the window is locked, or an own password must be chosen first. */
export type Held = 'locked' | 'password-must-change'

/** Declares a route; preload, router, page types and contract tests all read this declaration. */
export function route<Request extends z.ZodType, Reply extends z.ZodType>(
  access: Access,
  request: Request,
  reply: Reply,
  evenWhile: readonly Held[] = [],
): Route<Request, Reply> {
  return { access, request, reply, evenWhile }
}

/**
 * The error value that crosses the border: `code` for tests, `message` for people, `field` for forms, `wait`: the seconds until
 * trying again can help, where that is known.
 */
export const failure = z.object({
  code: z.string(),
  message: z.string(),
  field: z.string().optional(),
  wait: z.int().positive().optional(),
})
export type Failure = z.infer<typeof failure>

/** Every reply is one of these; nothing is thrown across the border. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; error: Failure }

export const nothing = z.strictObject({})
export const done = z.object({})
