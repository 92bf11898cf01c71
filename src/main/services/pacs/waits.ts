/** What people wait for at a page, so that they can stop waiting: what is under way then ends too. */
export function createWaits() {
  const waiting = new Map<string, Set<AbortController>>()
  return {
    async during<T>(who: string, task: (signal: AbortSignal) => Promise<T>): Promise<T> {
      const control = new AbortController()
      const own = waiting.get(who) ?? new Set()
      waiting.set(who, own.add(control))
      try {
        return await task(control.signal)
      } finally {
        own.delete(control)
        if (own.size === 0) waiting.delete(who)
      }
    },

    stop(who: string): void {
      for (const control of waiting.get(who) ?? []) control.abort()
    },
  }
}
