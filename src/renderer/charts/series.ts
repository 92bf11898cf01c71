/** Colours of lines and bars that stand for people: eight that also colour-blind eyes tell apart (Okabe & Ito 2008). */
const colours = ['#56b4e9', '#e69f00', '#009e73', '#cc79a7', '#d55e00', '#0072b2', '#b8a900', '#8c8c8c']
/** How many series can be told apart in one chart. */
export const looks = colours.length
const symbols = ['circle', 'rect', 'triangle', 'diamond'] as const
const dashes = ['solid', 'dashed', 'dotted'] as const

/** Of a legend over a chart: that of more series than its line has room for is turned over by pages, and lies over nothing. */
export const oneLine = { type: 'scroll', top: 0, left: 0, right: 0 } as const

/** How the i-th of several series looks: a colour, and for grey print a symbol and a kind of line as well. */
export function seriesLook(i: number): { colour: string; symbol: string; dash: (typeof dashes)[number] } {
  return {
    colour: colours[i % colours.length]!,
    symbol: symbols[i % symbols.length]!,
    dash: dashes[Math.floor(i / 2) % dashes.length]!,
  }
}
