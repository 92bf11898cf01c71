export function size(bytes: number): string
