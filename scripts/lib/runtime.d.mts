export const root: string
export const cacheRoot: string
export const electronVersion: string
export const electronFolder: string
export function electronBinary(): string
export function nodeEnvironment(extra?: Record<string, string>): NodeJS.ProcessEnv
export function runOnElectronNode(
  args: string[],
  options?: { env?: Record<string, string>; stdio?: 'inherit' | 'ignore'; cwd?: string },
): Promise<number>
