// One holder at a time for a folder's work (set-up, build), across processes.
import { closeSync, openSync, readFileSync, rmSync, statSync, utimesSync, writeSync, mkdirSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname } from 'node:path'

/** A holder renews its lock every 5 s; one not renewed for this long is dead, whatever machine it ran on. */
const stale = 60_000

/** True if the lock's holder is gone: killed on this machine, or silent for a minute. */
function abandoned(path) {
  try {
    if (Date.now() - statSync(path).mtimeMs > stale) return true
    const [pid, host] = readFileSync(path, 'utf8').split(' ')
    if (host !== hostname() || !(Number(pid) > 0)) return false
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}

function take(path) {
  try {
    const file = openSync(path, 'wx')
    writeSync(file, `${process.pid} ${hostname()}`)
    closeSync(file)
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    return false
  }
}

/** Runs `work` while holding the lock file `path`; waits for another holder and calls `onWait` once if it has to. */
export async function withLock(path, work, onWait) {
  mkdirSync(dirname(path), { recursive: true })
  for (let told = false; !take(path);) {
    if (abandoned(path)) {
      rmSync(path, { force: true })
      continue
    }
    if (!told) onWait?.()
    told = true
    await new Promise((done) => setTimeout(done, 250))
  }
  const release = () => rmSync(path, { force: true })
  const renew = setInterval(() => {
    try {
      utimesSync(path, new Date(), new Date())
    } catch {
      // Removed by hand: nothing to renew.
    }
  }, 5000)
  renew.unref()
  process.on('exit', release)
  try {
    return await work()
  } finally {
    clearInterval(renew)
    process.off('exit', release)
    release()
  }
}
