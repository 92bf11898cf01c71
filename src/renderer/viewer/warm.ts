import { useScenes } from './useScenes.ts'
import { useVolumes } from './useVolumes.ts'

/** What the first picture would have to wait for, done while the reader still looks for the study. */
export function warm(): void {
  useVolumes().volumes.warm()
  useScenes().warm()
}
