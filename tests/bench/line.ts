/** One figure of the bench. `ratio` is this value over the one it is compared with, measured in the same run; null without one. */
export type Line = (name: string, value: number, unit: string, comparedWith: string, ratio: number | null) => void
