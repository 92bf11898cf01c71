import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { v4 } from 'uuid'

/** The name this workstation has among those at the same database: made once and kept beside its settings. */
export function workstationOf(file: string): string {
  if (existsSync(file)) {
    const kept = readFileSync(file, 'utf8').trim()
    if (/^[0-9a-f-]{36}$/.test(kept)) return kept
  }
  const made = v4()
  writeFileSync(file, `${made}\n`, { mode: 0o600 })
  return made
}
