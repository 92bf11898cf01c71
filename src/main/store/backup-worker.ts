import { parentPort, workerData } from 'node:worker_threads'
import { ConcordError, messageOf } from '../domain/error.ts'
import type { Head } from './audit.ts'
import { checkFile, makeBackup, prepareRestore, type FileCheck } from './backup.ts'

export type BackupTask =
  | { task: 'make'; from: string; to: string; anchors: Head[] }
  | { task: 'check'; file: string; anchors: Head[] }
  | { task: 'prepare'; backup: string; database: string; anchors: Head[]; by: string | null; replaced: Head | null }
export type BackupReply = { check: FileCheck } | { error: { code: string; message: string } }

// A thread of its own: copying and checking a large database takes seconds in which votes must go on.
async function run(task: BackupTask): Promise<FileCheck> {
  if (task.task === 'make') return makeBackup(task.from, task.to, task.anchors)
  if (task.task === 'check') return checkFile(task.file, task.anchors)
  return prepareRestore(task.backup, task.database, task)
}

run(workerData as BackupTask).then(
  (check) => parentPort?.postMessage({ check } satisfies BackupReply),
  (error: unknown) =>
    parentPort?.postMessage({
      error: { code: error instanceof ConcordError ? error.code : 'unexpected', message: messageOf(error) },
    } satisfies BackupReply),
)
