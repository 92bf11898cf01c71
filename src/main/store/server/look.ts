import { migrations } from '../../../../db/migrate.ts'
import { applicationId } from '../database.ts'
import { connection, type ServerPlace } from './pool.ts'
import { serverError } from './server-error.ts'

/** What a look at a server found. */
export interface ServerLook {
  /** PostgreSQL's own. */
  version: string
  holds: 'nothing' | 'concord' | 'older' | 'newer' | 'foreign'
  studies: number
  /** Of one question and its answer. */
  milliseconds: number
  /** By how much this computer's clock is ahead of the server's. */
  clockSeconds: number
  encrypted: boolean
}

/** Looks and changes nothing. Errors: those of the way there (`serverError`). */
export async function lookAtServer(place: ServerPlace): Promise<ServerLook> {
  const pg = (await import('pg')).default
  const client = new pg.Client({ ...(await connection(place)), query_timeout: 8000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const began = performance.now()
    const { rows } = await client.query<{ version: string; now: number }>(
      `select current_setting('server_version') as version, extract(epoch from clock_timestamp())::float8 as now`,
    )
    const milliseconds = performance.now() - began
    const clockSeconds = (Date.now() - milliseconds / 2) / 1000 - rows[0]!.now
    const tables = await client.query<{ name: string }>(
      'select tablename as name from pg_tables where schemaname = current_schema()',
    )
    const ours = tables.rows.some(({ name }) => name === 'concord_program')
    const kept = ours
      ? (await client.query<{ application_id: number; version: number }>('select * from concord_program')).rows[0]
      : undefined
    const holds =
      kept?.application_id !== applicationId
        ? tables.rows.length === 0
          ? 'nothing'
          : 'foreign'
        : kept.version > migrations.length
          ? 'newer'
          : kept.version < migrations.length
            ? 'older'
            : 'concord'
    const studies = ['concord', 'older'].includes(holds)
      ? (await client.query<{ n: number }>('select count(*) as n from study')).rows[0]!.n
      : 0
    return {
      ...{ version: rows[0]!.version, holds, studies },
      milliseconds: Math.round(milliseconds * 10) / 10,
      clockSeconds: Math.round(clockSeconds * 10) / 10,
      encrypted: place.address.tls,
    }
  } catch (error) {
    throw serverError(error)
  } finally {
    await client.end().catch(() => undefined)
  }
}
