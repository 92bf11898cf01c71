export interface Display {
  /** What leads windows to the display where it is a virtual one; empty otherwise. */
  env: Record<string, string>
  virtual: boolean
  stop(): void
}

export interface DisplayOptions {
  width?: number
  height?: number
}

export function hasDisplay(env?: NodeJS.ProcessEnv): boolean
export function hasGpu(): boolean
export function hasMessageBus(env?: NodeJS.ProcessEnv): boolean
export function virtualDisplay(options?: DisplayOptions): Promise<Display>
export function display(options?: DisplayOptions & { always?: boolean }): Promise<Display>
