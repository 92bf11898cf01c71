export interface Wheel {
  requirement: string
  file: string
  sha256: string
  bytes: number
}

export interface Progress {
  step: 'download' | 'verify' | 'unpack' | 'compile' | 'install'
  what: string
  done: number
  total: number
}

export const wheels: { cpu: Wheel; gpu: Wheel }
export const libraries: string[]
export function selectedWheel(env?: Record<string, string | undefined>): Wheel
export function unpackedName(wheel: Wheel): string
export function unpackWheel(wheel: Wheel, cache: string, onProgress: (progress: Progress) => void): Promise<string>
