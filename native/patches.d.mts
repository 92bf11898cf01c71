export const patches: Record<string, { find: string; replace: string }[]>
export function patchSource(name: string, text: string): string
