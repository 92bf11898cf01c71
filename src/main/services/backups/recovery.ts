import type { Backup } from '../../../preload/contract/backups.ts'
import { ConcordError } from '../../domain/error.ts'
import { putAnchorsAside, readAnchors } from '../../store/anchors.ts'
import { replacedSuffix, swapIn } from '../../store/backup.ts'
import { createBackupFolder } from './folder.ts'
import { onBackupThread } from './host.ts'
import { readSettings } from '../settings.ts'

interface Places {
  database: string
  backups: string
  settings: string
  anchors: string
}

/** What is left to do when the database cannot be used: its backups, without any account, since these are in it. */
export function createRecovery(places: Places) {
  const folder = createBackupFolder(readSettings(places.settings).backupFolder ?? places.backups)
  return {
    folder: folder.folder,
    backups: (): Backup[] => folder.list(),

    /** The newest backup that can be read completely; looks at them from the newest on. */
    async lastGood(): Promise<Backup | null> {
      for (const { name } of folder.list()) {
        const check = await onBackupThread({
          task: 'check',
          file: folder.path(name),
          anchors: readAnchors(places.anchors),
        })
        const looked = folder.keepCheck(name, check)
        if (check.state === 'good') return looked
      }
      return null
    },

    /** The damaged file is kept beside the one that takes its place. Error: `backup-not-good`. */
    async restore(name: string): Promise<void> {
      if (!folder.has(name)) throw new ConcordError('backup-unknown', 'There is no such backup any more. Look again.')
      await onBackupThread({
        ...{ task: 'prepare', backup: folder.path(name), database: places.database },
        ...{ anchors: readAnchors(places.anchors), by: null, replaced: null },
      })
      // The noted ends of the damaged one's audit chain first: beside the backup they would say that its end was cut off.
      const suffix = replacedSuffix()
      putAnchorsAside(places.anchors, suffix)
      swapIn(places.database, suffix)
    },
  }
}
