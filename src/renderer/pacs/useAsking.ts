import { onBeforeUnmount } from 'vue'
import { api } from '../api.ts'
import { useAct } from '../parts/useAct.ts'

/** An act that asks an archive: to stop waiting, or to leave the page, ends what is under way in the program too. */
export function useAsking(pacsId: () => string) {
  const act = useAct()
  /** @param asked the archive that was asked, where another is chosen by now */
  function stop(asked = pacsId()): void {
    if (!act.busy.value) return
    act.abandon()
    // It answers at once; where it cannot, the request ends by its own limits.
    void api.pacs.stop({ pacsId: asked }).catch(() => undefined)
  }
  onBeforeUnmount(() => stop())
  return { act, stop }
}
