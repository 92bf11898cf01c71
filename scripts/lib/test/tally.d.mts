export interface Tally {
  passed: number
  failed: { name: string; message: string }[]
  skipped: { name: string; reason: string }[]
}

export interface Ended {
  code: number
  output: string
}

export function emptyTally(): Tally
export function oneCheck(name: string, ended: Ended): Tally
export function readTally(name: string, file: string, ended: Ended): Tally
export function merge(tallies: Tally[]): Tally
export function report(tally: Tally, print: (line: string) => void): void
export function withoutForeignFrames(stack: string): string
