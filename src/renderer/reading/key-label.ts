/** A key as people write it: arrows as arrows, named keys in the reader's language, characters as they are. */
export function keyLabel(key: string, t: (key: string) => string): string {
  return key
    .split(/\+(?=.)/)
    .map((part) => signs[part] ?? (named.has(part) ? t(`reading.keyNames.${part}`) : part))
    .join(' ')
}

const signs: Record<string, string> = { ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→' }
const named = new Set(['Enter', 'Backspace', 'Space', 'Shift', 'Home', 'End', 'Escape', 'Delete', 'PageUp', 'PageDown'])
