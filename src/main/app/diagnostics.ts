import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { freemem, release, totalmem } from 'node:os'
import { statfs } from 'node:fs/promises'
import type { Settings } from '../../preload/contract/settings.ts'
import { withoutNames } from './log.ts'

export interface DiagnosticFacts {
  version: string
  versions: Record<string, string | undefined>
  graphics: Record<string, string>
  settings: Settings | null
  /** Folders of the program's own: the data, the log. */
  root: string
  log: string
  migrations: number
  uptime: number
}

const lines = 60
const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`

/**
 * What somebody who helps needs to know, as text to paste: versions, machine, settings, the last lines of the log. Nothing
 * that names a person or a patient, no path, no count of votes: also a lead who reads in a study may copy it.
 */
export async function diagnostics(facts: DiagnosticFacts): Promise<string> {
  const { versions, settings } = facts
  const disk = await statfs(facts.root).then(
    (found) => `${gibibytes(found.bavail * found.bsize)} free of ${gibibytes(found.blocks * found.bsize)}`,
    () => 'not known',
  )
  const folder = settings?.backupFolder ? 'elsewhere' : 'beside the data'
  return [
    `Concord ${facts.version}`,
    `Electron ${versions['electron'] ?? '-'}, Chromium ${versions['chrome'] ?? '-'}, Node ${versions['node'] ?? '-'}`,
    `${process.platform} ${process.arch} ${release()}`,
    `memory ${gibibytes(freemem())} free of ${gibibytes(totalmem())}, program ${gibibytes(process.memoryUsage().rss)}`,
    `disk of the data ${disk}`,
    `database version ${facts.migrations}, running for ${Math.round(facts.uptime / 60)} min`,
    settings
      ? `locks after ${settings.lockAfterMinutes} min, backs up every ${settings.backupEveryHours} h ${folder}, keeps ${settings.backupsKept}`
      : 'the database cannot be used',
    `graphics ${Object.entries(facts.graphics)
      .map(([name, state]) => `${name}=${state}`)
      .join(' ')}`,
    '',
    `last lines of the log`,
    ...tail(facts.log).map((line) => withoutNames(line, [facts.root])),
    '',
  ].join('\n')
}

function tail(file: string): string[] {
  try {
    const handle = openSync(file, 'r')
    try {
      const { size } = fstatSync(handle)
      const bytes = Buffer.alloc(Math.min(size, 32_768))
      readSync(handle, bytes, 0, bytes.length, size - bytes.length)
      return bytes.toString('utf8').trimEnd().split('\n').slice(-lines)
    } finally {
      closeSync(handle)
    }
  } catch {
    return ['(none)']
  }
}
