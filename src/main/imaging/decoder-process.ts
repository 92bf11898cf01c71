import { fork, type ChildProcess } from 'node:child_process'
import { entry } from '../app/entries.ts'
import { HEAP_MEGABYTES } from './memory.ts'
import type { Reply, Request } from './protocol.ts'

/** The running decoder as the host sees it; child_process and Electron's utilityProcess both fit. */
export interface DecoderProcess {
  send(request: Request): void
  onReply(listener: (reply: Reply) => void): void
  onExit(listener: () => void): void
  kill(): void
}

/** Starts the decoder as a child of this process. */
export function forkDecoder(): { decoder: DecoderProcess; child: ChildProcess } {
  const child = fork(entry('decoder'), [], {
    execPath: process.execPath,
    execArgv: [`--max-old-space-size=${HEAP_MEGABYTES}`, '--disable-warning=ExperimentalWarning'],
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const decoder: DecoderProcess = {
    send: (request) => void child.send(request, () => undefined),
    onReply: (listener) => void child.on('message', (message) => listener(message as Reply)),
    onExit: (listener) => {
      child.once('exit', listener)
      child.once('error', listener)
    },
    kill: () => void child.kill('SIGKILL'),
  }
  return { decoder, child }
}
