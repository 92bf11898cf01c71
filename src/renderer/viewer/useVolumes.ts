import { markRaw, watch } from 'vue'
import { defineStore } from 'pinia'
import { useSession } from '../stores/session.ts'
import { VolumeStore, type LoadWorker } from './volume-store.ts'

/** Two stitched scans of 495 MiB, or a dozen usual ones of 84 MiB. */
const BUDGET = 2 ** 30

const startWorker = (): LoadWorker =>
  new Worker(new URL('./volume-worker.ts', import.meta.url), { type: 'module', name: 'volumes' }) as LoadWorker

/** The volumes of this window; they go when the person does. */
export const useVolumes = defineStore('volumes', () => {
  const volumes = markRaw(new VolumeStore(startWorker, BUDGET))
  const session = useSession()
  watch(
    () => session.session?.accountId,
    () => volumes.clear(),
    { flush: 'sync' },
  )
  return { volumes }
})
