/** Whether the keyboard is still with the page or its heading, and not where somebody has taken it. */
export function keyboardFree(): boolean {
  const at = document.activeElement
  return !at || at === document.body || at.id === 'page' || at.matches('h1')
}
