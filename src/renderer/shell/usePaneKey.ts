import { onBeforeUnmount, onMounted, type Ref } from 'vue'

/** F6 takes the keyboard from the page to the list of pages, to the one that is open, and from there back: pages are dozens of tabs long. */
export function usePaneKey(page: Readonly<Ref<HTMLElement | null>>): void {
  function hear(event: KeyboardEvent): void {
    if (event.key !== 'F6' || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return
    const rail = document.querySelector<HTMLElement>('.nav-rail')
    if (!rail) return
    event.preventDefault()
    if (rail.contains(document.activeElement)) page.value?.focus({ preventScroll: true })
    else (rail.querySelector<HTMLElement>('.here') ?? rail.querySelector<HTMLElement>('a'))?.focus()
  }
  onMounted(() => addEventListener('keydown', hear))
  onBeforeUnmount(() => removeEventListener('keydown', hear))
}
