/**
 * A button that Tab or a click led to gives the keyboard back to the page: after a digit was taken as a grade, Enter would
 * press it once more instead of saving. Grades themselves (radios) keep it: there Enter saves.
 */
export function leaveButton({ target }: KeyboardEvent): void {
  const at = target instanceof Element ? target.closest<HTMLElement>('button, a[href], summary') : null
  if (at && at.getAttribute('role') !== 'radio') at.blur()
}
