// Runs a program, hands its output over line by line, and keeps the end of it for an error message.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'

const setpriv = '/usr/bin/setpriv'

/**
 * The command line [file, …args] for a child that must not outlive this process, not even when this one is killed with -9:
 * on Linux the kernel then ends it. Elsewhere the command line as it is.
 */
export function tied(file, args, signal = 'TERM') {
  return process.platform === 'linux' && existsSync(setpriv)
    ? [setpriv, '--pdeathsig', signal, file, ...args]
    : [file, ...args]
}

/**
 * Resolves with { code, signal, output } when the program ended (`signal`: what it was killed with); `output` is its last
 * 200 lines without colours, both streams together.
 * `onLine(line, stream)` gets every line. `statusFd` opens descriptor 3 as well (stream 'status').
 * Rejects only if the program could not be started.
 */
export function command(file, args, { cwd, env = process.env, onLine, statusFd = false, shell = false } = {}) {
  return new Promise((done, fail) => {
    const stdio = ['ignore', 'pipe', 'pipe', ...(statusFd ? ['pipe'] : [])]
    const child = spawn(file, args, { cwd, env, stdio, shell })
    const tail = []
    const names = ['stdout', 'stderr', 'status']
    child.stdio.slice(1).forEach((stream, index) => {
      let rest = ''
      stream.setEncoding('utf8')
      const take = (line) => {
        if (index < 2) {
          tail.push(line)
          if (tail.length > 200) tail.shift()
        }
        onLine?.(line, names[index])
      }
      stream.on('data', (chunk) => {
        const lines = (rest + chunk).split(/\r?\n/)
        rest = lines.pop()
        lines.forEach(take)
      })
      stream.on('end', () => rest && take(rest))
    })
    const stop = (signal) => child.kill(signal)
    process.on('SIGINT', stop).on('SIGTERM', stop)
    child.on('error', fail)
    child.on('close', (code, signal) => {
      process.off('SIGINT', stop).off('SIGTERM', stop)
      done({ code: code ?? 1, signal, output: stripVTControlCharacters(tail.join('\n')) })
    })
  })
}

/**
 * Hands this process's signals on to a child. One Ctrl+C can arrive here several times (from the terminal, from npm): what
 * follows within a second of the first is the same wish; what comes later means it, and ends the child.
 */
export function passSignals(child, signals = ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  let asked = 0
  const pass = (signal) => {
    if (asked === 0) child.kill(signal)
    else if (Date.now() - asked > 1000) child.kill('SIGKILL')
    asked ||= Date.now()
  }
  for (const signal of signals) process.on(signal, pass)
}
