import type { Session } from '../../preload/contract/accounts.ts'

/** The signed-in person on whose behalf a service acts. Roles are checked by the router; a study's own rules by the services. */
export type Caller = Session
