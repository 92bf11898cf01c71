type Parts = Record<string, unknown>

/**
 * A newer reply in which every part that equals the earlier one's is the earlier one's own object, so that pages compute and draw
 * only what changed. Plain data alone: objects, lists, texts, numbers, null. The parts are changed in `now` itself.
 */
export function keepEqual<T>(before: unknown, now: T): T {
  if (!isObject(now) || !isObject(before) || Array.isArray(now) !== Array.isArray(before)) return now
  const names = Object.keys(now)
  const parts: Parts = now
  let same = names.length === Object.keys(before).length
  for (const name of names) {
    const part = keepEqual(before[name], parts[name])
    parts[name] = part
    same &&= part === before[name] && name in before
  }
  return same ? (before as T) : now
}

const isObject = (value: unknown): value is Parts => typeof value === 'object' && value !== null
