/**
 * Puts text on the clipboard through the copy event of a user's own click. The asynchronous clipboard needs a permission,
 * and the program grants its page none.
 */
export function copyText(text: string): boolean {
  const put = (event: ClipboardEvent): void => {
    event.clipboardData?.setData('text/plain', text)
    event.preventDefault()
  }
  document.addEventListener('copy', put)
  try {
    // Deprecated in favour of the permission-bound clipboard; it is the way that asks for nothing.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    return document.execCommand('copy')
  } finally {
    document.removeEventListener('copy', put)
  }
}

/** Offers a picture (data: URL) as a file; the system's dialog names the place. */
export function savePicture(url: string, name: string): void {
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
}
