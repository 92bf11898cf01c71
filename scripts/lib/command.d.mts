export function tied(file: string, args: string[], signal?: string): [string, ...string[]]
export function command(
  file: string,
  args: string[],
  options?: { cwd?: string; env?: NodeJS.ProcessEnv; onLine?: (line: string, stream: string) => void },
): Promise<{ code: number; signal: string | null; output: string }>
