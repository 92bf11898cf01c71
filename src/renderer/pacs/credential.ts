import type { api } from '../api.ts'

export type Credential = Parameters<typeof api.pacs.giveCredential>[0]['credential']
type Auth = 'none' | 'basic' | 'token'

/** What stands in the fields, as a credential; null while nothing is given. */
export function credentialOf(auth: Auth, fields: { user: string; password: string; token: string }): Credential | null {
  if (auth === 'basic') {
    const { user, password } = fields
    return user === '' && password === '' ? null : { kind: 'basic', user: user.trim(), password }
  }
  const token = fields.token.trim()
  return auth === 'token' && token !== '' ? { kind: 'token', token } : null
}
