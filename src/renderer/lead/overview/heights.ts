/** From so many readers on the page is a department's. */
export const MANY = 10

/** Pixels of a chart of bars, each with words above it: closer together where there are many. */
export const barsHeight = (bars: number): number => Math.max(150, 60 + bars * (bars > 6 ? 46 : 64))

/** Pixels of a chart with one bar of words for each reader. */
export const stackHeight = (readers: number): number => Math.max(300, 120 + readers * (readers > MANY ? 26 : 56))
