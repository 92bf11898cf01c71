import { randomUUID } from 'node:crypto'
import type { Client } from 'pg'
import { connection, type Pool, type ServerPlace } from './pool.ts'

/** What workstations tell one another: that a study changed, that an account's sessions end. No content, no name. */
export interface News {
  of: 'study' | 'account'
  id: string
}

/** One workstation's ear at the server. */
export interface Link {
  readonly reachable: boolean
  /** Tells the other workstations. What cannot be told now is told when the server is back. */
  tell(news: News): void
  /** @param on hears the others' news, and when the server goes and comes back */
  listen(on: { news(news: News): void; reachable(now: boolean): void }): void
  close(): Promise<void>
}

const channel = 'concord'
/** Milliseconds between two looks whether the server is there, for its answer, and between two tries to come back. */
const lookEvery = 2000
const patience = 4000
const tryEvery = 1000

/**
 * Listens (LISTEN, NOTIFY) on a connection of its own and notices when the server cannot be reached any more, also where
 * a cable was pulled and nobody says so: then all connections are cut, so that nobody waits for an answer that will not come.
 */
export function openLink(place: ServerPlace, pool: Pool): Link {
  const self = randomUUID()
  const untold = new Map<string, News>()
  let ears: Parameters<Link['listen']>[0] | null = null
  let client: Client | null = null
  let reachable = true
  let closed = false
  let timer: NodeJS.Timeout | undefined

  function lost(broken: Client): void {
    if (client !== broken) return
    client = null
    broken.end().catch(() => undefined)
    pool.cut()
    if (closed) return
    if (reachable) {
      reachable = false
      ears?.reachable(false)
    }
    later(tryEvery)
  }

  async function connect(): Promise<void> {
    const pg = (await import('pg')).default
    const next = new pg.Client(await connection(place))
    next.on('error', () => lost(next))
    next.on('end', () => lost(next))
    next.on('notification', ({ payload }) => hear(payload ?? ''))
    try {
      await within(next.connect())
      await within(next.query(`listen ${channel}`))
    } catch (error) {
      next.end().catch(() => undefined)
      throw error
    }
    if (closed) return void next.end().catch(() => undefined)
    client = next
    if (!reachable) {
      reachable = true
      // What happened meanwhile was told to nobody here.
      const { rows } = await within(next.query<{ id: string }>('select id from study'))
      ears?.reachable(true)
      for (const { id } of rows) ears?.news({ of: 'study', id })
    }
    for (const [key, news] of untold) {
      untold.delete(key)
      tell(news)
    }
  }

  function hear(payload: string): void {
    const [from, of, id] = payload.split(' ')
    if (from !== self && (of === 'study' || of === 'account') && id) ears?.news({ of, id })
  }

  async function look(): Promise<void> {
    const now = client
    try {
      if (now) await within(now.query('select 1'))
      else await connect()
      later(lookEvery)
    } catch {
      if (now) lost(now)
      else {
        if (reachable) {
          reachable = false
          ears?.reachable(false)
        }
        later(tryEvery)
      }
    }
  }

  function later(ms: number): void {
    clearTimeout(timer)
    if (!closed) timer = setTimeout(() => void look(), ms).unref()
  }

  function tell(news: News): void {
    const keep = (): void => void untold.set(`${news.of} ${news.id}`, news)
    if (!client) return keep()
    client.query('select pg_notify($1, $2)', [channel, `${self} ${news.of} ${news.id}`]).catch(keep)
  }

  void look()
  return {
    get reachable() {
      return reachable
    },
    tell,
    listen: (on) => void (ears = on),
    async close() {
      closed = true
      clearTimeout(timer)
      await client?.end().catch(() => undefined)
    },
  }
}

/** Rejects where the answer does not come in time. */
function within<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('timeout')), patience).unref()
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
