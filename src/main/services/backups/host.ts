import { Worker } from 'node:worker_threads'
import { entry } from '../../app/entries.ts'
import { ConcordError } from '../../domain/error.ts'
import type { FileCheck } from '../../store/backup.ts'
import type { BackupReply, BackupTask } from '../../store/backup-worker.ts'

/** One piece of work on database files, in a thread of its own that ends with it. Errors come back with their codes. */
export function onBackupThread(task: BackupTask): Promise<FileCheck> {
  return new Promise((done, fail) => {
    const worker = new Worker(entry('backup'), { workerData: task })
    worker.once('message', (reply: BackupReply) => {
      if ('check' in reply) done(reply.check)
      else fail(new ConcordError(reply.error.code, reply.error.message))
      void worker.terminate()
    })
    worker.once('error', fail)
    worker.once('exit', () => fail(new Error('the backup thread ended')))
  })
}
