import { appendFileSync, existsSync, readFileSync, renameSync } from 'node:fs'
import { replaceFile } from '../files/replace-file.ts'
import { headOf, headText, type Head } from './audit.ts'
import type { Connection } from './database.ts'

const every = 2000
/** Lines kept when the file is shortened: enough to say when something was changed. */
const kept = 2000

/** Reads "1234:9f86d0…" as it stands in reports and beside exported files; null where it is none. */
export function parseHead(text: string): Head | null {
  const found = /^\s*(\d{1,15}):([0-9a-f]{64})\s*$/.exec(text)
  return found ? { sequence: Number(found[1]), digest: found[2]! } : null
}

/** The heads noted in a file, oldest first; lines that are none are passed over. */
export function readAnchors(file: string): Head[] {
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => parseHead(line.split(' ')[0] ?? '') ?? [])
}

/** What was noted of a database that is replaced is kept under the suffix: beside another it would say that its end was cut off. */
export function putAnchorsAside(file: string, suffix: string): void {
  if (existsSync(file)) renameSync(file, `${file}.${suffix}`)
}

/**
 * Notes the end of the audit chain in a file beside the database, a line each time it has grown: taking the last entries
 * away from the database no longer goes unseen. What is noted is committed already; a noted entry that is missing later
 * was removed. A full disk stops the noting and nothing else.
 */
export function createAnchors(connection: Connection, file: string) {
  let last = readAnchors(file).at(-1)
  let timer: NodeJS.Timeout | undefined

  async function note(): Promise<void> {
    const head = await headOf(connection)
    if (head.sequence === 0 || head.digest === last?.digest) return
    // A chain that became shorter is not noted over: the line that shows it stays the last one.
    if (last && head.sequence <= last.sequence) return
    appendFileSync(file, `${headText(head)} ${new Date().toISOString()}\n`, { mode: 0o600 })
    last = head
  }
  const quietly = (): Promise<void> => note().catch(() => undefined)

  function shorten(): void {
    const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : []
    if (lines.length <= 2 * kept) return
    replaceFile(file, `${lines.slice(-kept).join('\n')}\n`)
  }

  return {
    start(): void {
      try {
        shorten()
      } catch {
        // As above: the database goes on.
      }
      timer = setInterval(() => void quietly(), every)
      timer.unref()
    },
    note: quietly,
    heads: (): Head[] => readAnchors(file),
    /** After a restore the chain goes on from an earlier entry: what was noted of the replaced one is put aside. */
    putAside(suffix: string): void {
      putAnchorsAside(file, suffix)
      last = undefined
    },
    async stop(): Promise<void> {
      clearInterval(timer)
      await quietly()
    },
  }
}
export type Anchors = ReturnType<typeof createAnchors>
