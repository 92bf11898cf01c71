// A display for windows: the one there is, or a virtual one (Xvfb) that ends with the command.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { tied } from './command.mjs'

/** True where a window can be shown without a virtual display. */
export function hasDisplay(env = process.env) {
  return process.platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY)
}

/** True if the machine has a graphics device to draw with. */
export function hasGpu() {
  if (process.platform !== 'linux') return true
  return existsSync('/dev/dri') && readdirSync('/dev/dri').some((file) => file.startsWith('renderD'))
}

/** True where the system's message bus (D-Bus) runs, as on every desktop. */
export function hasMessageBus(env = process.env) {
  const socket = '/run/dbus/system_bus_socket'
  return process.platform !== 'linux' || Boolean(env.DBUS_SYSTEM_BUS_ADDRESS) || existsSync(socket)
}

/**
 * Starts Xvfb on a display number that it finds free itself and resolves with { env, virtual: true, stop() }, where `env`
 * leads windows to it. It also ends when this process does, however that comes about. Rejects if Xvfb cannot be started.
 */
export function virtualDisplay({ width = 1920, height = 1080 } = {}) {
  const args = ['-displayfd', '3', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp', '-noreset']
  const [file, ...rest] = tied('Xvfb', args)
  return new Promise((done, fail) => {
    // In a process group of its own, so that Ctrl+C does not take the screen from under windows that are closing.
    const child = spawn(file, rest, { detached: true, stdio: ['ignore', 'ignore', 'pipe', 'pipe'] })
    let errors = ''
    child.stderr.on('data', (chunk) => (errors += chunk))
    child.on('error', fail)
    child.on('exit', () =>
      fail(new Error(`The virtual display (Xvfb) did not start: ${errors.trim() || 'no reason given'}`)),
    )
    child.stdio[3].once('data', (number) => {
      const kill = () => child.kill()
      process.on('exit', kill)
      for (const handle of [child, child.stdio[3], child.stderr]) handle.unref?.()
      const stop = () => {
        process.off('exit', kill)
        child.kill()
      }
      // The desktop's own session may be Wayland's: windows are to come to this screen all the same.
      const env = { DISPLAY: `:${String(number).trim()}`, XDG_SESSION_TYPE: 'x11', WAYLAND_DISPLAY: '' }
      done({ env, virtual: true, stop })
    })
  })
}

/** The display that is there ({ env: {}, virtual: false }), or a virtual one of the given size. */
export async function display({ width, height, always = false } = {}) {
  if (process.platform !== 'linux' || (hasDisplay() && !always)) return { env: {}, virtual: false, stop() {} }
  return virtualDisplay({ width, height })
}
