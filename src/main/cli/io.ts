import { ConcordError, messageOf } from '../domain/error.ts'
import { storageError } from '../domain/storage-error.ts'

/** Where a command writes: JSON lines for programs, messages for people. */
export type CommandIo = { out(line: string): void; err(line: string): void }

/** Bad input in a file or folder, named as it was given. */
export class FileRefused extends ConcordError {
  readonly file: string

  constructor(file: string, { code, message }: { code: string; message: string }) {
    super(code, message)
    this.file = file
  }
}

const FILE_MESSAGES: Record<string, [code: string, message: string]> = {
  ENOENT: ['file-not-found', 'There is no such file; check the path.'],
  EACCES: ['file-no-access', 'The file may not be read; ask for the right to read it.'],
  EPERM: ['file-no-access', 'The file may not be read; ask for the right to read it.'],
  EISDIR: ['file-is-folder', 'This is a folder; name a file in it.'],
}

/** For the `catch` of work on a file: what is wrong with the file is thrown with its name, anything else as it is. */
export const about =
  (file: string) =>
  (error: unknown): never => {
    if (error instanceof ConcordError) throw new FileRefused(file, error)
    const [code, message] = FILE_MESSAGES[(error as NodeJS.ErrnoException | undefined)?.code ?? ''] ?? []
    throw code === undefined ? error : new FileRefused(file, { code, message: message! })
  }

/**
 * Tells why a command could not be done and gives its exit code. Bad input, 2: one line for people, and one for programs
 * with the code and the file, where one was given. Anything else, 1: the line for people.
 */
export function tellError(error: unknown, io: CommandIo): 1 | 2 {
  if (!(error instanceof ConcordError)) {
    io.err(messageOf(storageError(error) ?? error))
    return 1
  }
  const { code, message } = error
  const file = error instanceof FileRefused ? error.file : undefined
  io.out(JSON.stringify({ file, kind: 'reject', code, message }))
  io.err(file === undefined ? message : `${file}: ${message}`)
  return 2
}

/** Tells what is wrong with one of several files, of which the others go on; anything but bad input is thrown again. */
export function rejectLine(file: string, error: unknown, io: CommandIo): void {
  try {
    about(file)(error)
  } catch (refused) {
    if (!(refused instanceof ConcordError)) throw refused
    tellError(refused, io)
  }
}
