// What set-up tells a person: steps with sizes, and progress that stays on one line of a terminal.

const interval = { terminal: 100, file: 2000 }

/** Bytes as people read them: 512 kB, 13 MB, 1.2 GB. */
export function size(bytes) {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} kB`
  if (bytes < 1e9) return `${Math.round(bytes / 1e6)} MB`
  return `${(bytes / 1e9).toFixed(1)} GB`
}

/** A voice on one stream. On a terminal progress rewrites its line; elsewhere it is a line every two seconds at most. */
export function voice(stream) {
  const terminal = stream.isTTY === true
  let last = 0
  let open = false

  function clear() {
    if (open) stream.write('\r\x1b[K')
    open = false
  }

  return {
    /** A line that stays. */
    line(text) {
      clear()
      last = Date.now()
      stream.write(`${text}\n`)
    },
    /** Passing news of the step under way; dropped when it comes too often. */
    progress(text) {
      const now = Date.now()
      if (now - last < (terminal ? interval.terminal : interval.file)) return
      last = now
      if (terminal) {
        stream.write(`\r\x1b[K  ${text.slice(0, (stream.columns ?? 80) - 4)}`)
        open = true
      } else {
        stream.write(`  ${text}\n`)
      }
    },
    clear,
  }
}
