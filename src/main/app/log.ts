import { appendFileSync, renameSync, statSync } from 'node:fs'

const largest = 4 << 20

/**
 * A plain log file, one line an event, turned over once at 4 MiB. Callers write codes and identifiers, never a name or
 * a path of a patient's file.
 */
export function createLog(file: string): (line: string) => void {
  return (line) => {
    try {
      const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
      if (size > largest) renameSync(file, `${file}.1`)
      appendFileSync(file, `${new Date().toISOString()} ${line}\n`, { mode: 0o600 })
    } catch {
      // A full disk must not take the votes down with the log.
    }
  }
}
