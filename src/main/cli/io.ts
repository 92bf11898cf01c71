import { ConcordError, messageOf } from '../domain/error.ts'

/** Where a command writes: JSON lines for programs, messages for people. */
export type CommandIo = { out(line: string): void; err(line: string): void }

const FILE_MESSAGES: Record<string, [code: string, message: string]> = {
  ENOENT: ['file-not-found', 'There is no such file; check the path.'],
  EACCES: ['file-no-access', 'The file may not be read; ask for the right to read it.'],
  EPERM: ['file-no-access', 'The file may not be read; ask for the right to read it.'],
  EISDIR: ['file-is-folder', 'This is a folder; name a CSV file in it.'],
}

/** Writes the reject line of a bad file and its message; anything but bad input is thrown again. */
export function rejectLine(file: string, error: unknown, io: CommandIo): void {
  const known = FILE_MESSAGES[(error as NodeJS.ErrnoException | undefined)?.code ?? '']
  if (!known && !(error instanceof ConcordError)) throw error
  const [code, message] = known ?? [(error as ConcordError).code, messageOf(error)]
  io.out(JSON.stringify({ file, kind: 'reject', code, message }))
  io.err(`${file}: ${message}`)
}
