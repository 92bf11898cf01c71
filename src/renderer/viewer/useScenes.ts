import { markRaw, watch } from 'vue'
import { defineStore } from 'pinia'
import { useSession } from '../stores/session.ts'
import { createScene, type Scene } from './scene.ts'

/** As many as stand side by side: three planes and a linked scan. */
const MOST_KEPT = 4

/**
 * Windows of graphics that nobody uses at the moment. Making one (context, shaders) takes longer than a picture, so one
 * is made while the reader still looks for the study, and those given back serve again.
 */
export const useScenes = defineStore('scenes', () => {
  const kept: Scene[] = markRaw([])

  function drop(scene: Scene): void {
    const at = kept.indexOf(scene)
    if (at >= 0) kept.splice(at, 1)
    try {
      scene.delete()
    } catch {
      // Its context is gone; so is what it held.
    }
  }
  function keep(scene: Scene): void {
    scene.lost = () => drop(scene)
    scene.element.remove()
    kept.push(scene)
  }

  /** A scene for this place. Throws where there is no WebGL 2. */
  function take(): Scene {
    return kept.pop() ?? markRaw(createScene())
  }
  /** Gives a scene back; nothing of the scan stays in it. */
  function release(scene: Scene): void {
    scene.setImage(null, null)
    scene.render()
    if (kept.length < MOST_KEPT) keep(scene)
    else drop(scene)
  }
  /** One scene ready for the first picture. */
  function warm(): void {
    if (kept.length > 0) return
    try {
      keep(markRaw(createScene()))
    } catch {
      // Said where a picture is wanted.
    }
  }

  const session = useSession()
  watch(
    () => session.session?.accountId,
    () => [...kept].forEach(drop),
    { flush: 'sync' },
  )
  return { take, release, drop, warm }
})
