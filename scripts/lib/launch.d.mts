export interface Launch {
  executablePath: string
  args: string[]
  env: Record<string, string>
  cwd: string
  /** The data folder (CONCORD_DATA) of this start. */
  data: string
}

export interface LaunchOptions {
  data?: string
  args?: string[]
  env?: Record<string, string>
  virtual?: boolean
}

export function switches(options?: { virtual?: boolean }): string[]
export function windowEnvironment(extra?: Record<string, string>): Record<string, string>
export function freshDataFolder(prefix?: string): string
export function launch(options?: LaunchOptions): Launch
