/** Site and side from free text of a header (body part, series description); undefined where it names neither. */
export function siteOfWords(words: string): { site?: string; side?: 'left' | 'right' } {
  const text = words.toLowerCase()
  const site = ['tibia', 'radius', 'calcaneus'].find((name) => text.includes(name))
  const left = /\b(left|links)\b/.test(text)
  const right = /\b(right|rechts)\b/.test(text)
  return { ...(site ? { site } : {}), ...(left !== right ? { side: left ? 'left' : 'right' } : {}) }
}
