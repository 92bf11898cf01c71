type Parts = Record<string, unknown>

/**
 * A newer reply in which every part that equals the earlier one's is the earlier one's own object, so that pages compute and draw
 * only what changed. Plain data alone: objects, lists, texts, numbers, null. The parts are changed in `now` itself.
 */
export function keepEqual<T>(before: unknown, now: T): T {
  if (!isObject(now) || !isObject(before)) return now
  const isList = Array.isArray(now)
  if (isList !== Array.isArray(before)) return now
  return (isList ? sameList(before as unknown as unknown[], now) : sameParts(before, now)) ? (before as T) : now
}

/** Written out for lists and for objects: replies have tens of thousands of parts, and a list of names for each takes longest. */
function sameList(before: readonly unknown[], now: unknown[]): boolean {
  let same = now.length === before.length
  for (let at = 0; at < now.length; at += 1) {
    const part = (now[at] = keepEqual(before[at], now[at]))
    same &&= part === before[at]
  }
  return same
}

function sameParts(before: Parts, now: Parts): boolean {
  let same = true
  let surplus = 0
  for (const name in now) {
    const part = (now[name] = keepEqual(before[name], now[name]))
    same &&= part === before[name] && (part !== undefined || name in before)
    surplus += 1
  }
  if (!same) return false
  for (const _ in before) surplus -= 1
  return surplus === 0
}

const isObject = (value: unknown): value is Parts => typeof value === 'object' && value !== null
