import type { Progress } from './wheel.mjs'

export const buildsHere: boolean
export function isBuilt(): boolean
export function build(options?: { onProgress?: (progress: Progress) => void }): Promise<void>
