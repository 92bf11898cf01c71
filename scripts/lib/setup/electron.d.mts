export function origin(): string
