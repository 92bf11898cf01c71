import { appendFileSync, renameSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const largest = 4 << 20
/** Where the program's own code lies: frames of a stack may name it. */
const sources = [resolve(dirname(fileURLToPath(import.meta.url)), '../..')]

/**
 * A plain log file, one line an event, turned over once at 4 MiB. Callers write codes and identifiers, never a name or
 * a path of a patient's file; what an error of the system names nevertheless is taken out.
 * @param own folders of the program's own, which say nothing about anybody
 */
export function createLog(file: string, own: readonly string[] = []): (line: string) => void {
  return (line) => {
    try {
      const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
      if (size > largest) renameSync(file, `${file}.1`)
      appendFileSync(file, `${new Date().toISOString()} ${withoutNames(line, own)}\n`, { mode: 0o600 })
    } catch {
      // A full disk must not take the votes down with the log.
    }
  }
}

const path = /(?:file:\/\/)?(?:[A-Za-z]:[\\/]|\\\\|\/)[^\n'"`<>|]*?(?=['"`<>|\n]|:\d+:\d+|\)|$)/g
const quoted = /'[^'\n]*'|"[^"\n]*"|“[^”\n]*”/g

/**
 * A line with every path and every quoted word taken out, but for the program's own source files: a path may hold the name
 * of a patient or of a person, and an error quotes what it was given.
 */
export function withoutNames(line: string, own: readonly string[] = []): string {
  const ours = [...own, ...sources]
  return line
    .replace(path, (found) => {
      const known = ours.find((folder) => found.replace('file://', '').startsWith(folder))
      if (known === undefined) return '<path>'
      // Of the data folder only the folder itself is without names.
      return own.includes(known) ? '<data>' : found
    })
    .replace(quoted, (found) => (/^.<(path|data)>.$/.test(found) ? found : `${found[0]!}…${found.at(-1)!}`))
}
