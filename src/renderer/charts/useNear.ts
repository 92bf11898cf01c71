import { onBeforeUnmount, ref, watch, type Ref } from 'vue'

/** How far outside what is seen, in CSS pixels: a chart is there before a person has scrolled to it. */
const MARGIN = '400px'

/** Whether an element is on the screen or near it. `scrollMargin` counts for the page's own scrolling area, `rootMargin` for the window. */
export function useNear(element: Readonly<Ref<HTMLElement | null>>, margin = MARGIN): Ref<boolean> {
  const near = ref(false)
  const observer = new IntersectionObserver((entries) => (near.value = entries.at(-1)!.isIntersecting), {
    ...{ rootMargin: margin, scrollMargin: margin },
  })
  watch(
    element,
    (now, before) => {
      if (before) observer.unobserve(before)
      if (now) observer.observe(now)
    },
    { flush: 'post', immediate: true },
  )
  onBeforeUnmount(() => observer.disconnect())
  return near
}
