/** The few functions of jStat that distributions.ts starts from; jStat itself ships no types. */
declare module 'jstat' {
  interface Jstat {
    normal: { inv(p: number, mean: number, std: number): number }
    centralF: { inv(p: number, df1: number, df2: number): number }
  }
  export const jStat: Jstat
  const module: { jStat: Jstat }
  export default module
}
