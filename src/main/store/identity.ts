import { v7 } from 'uuid'

/** A new identifier: UUIDv7 sorts by the time it was made. */
export const newId = (): string => v7()

/** Now, as the database keeps it: UTC, ISO 8601, milliseconds. */
export const now = (): string => new Date().toISOString()
