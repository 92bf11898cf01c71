import { setFlagsFromString } from 'node:v8'

/**
 * V8's middle compiler, Maglev, computes wrongly now and then (V8 14.8, Electron 42.0): of five coefficients' standard errors,
 * one after the other in agreement/gwet.ts, the first four came out as the fifth, in 33 of 780 programs that had Maglev as the
 * highest compiler, in some of those that had all, and in none of 390 without it.
 * A wrong number now and then is worse than a slower start, so it stays off wherever this program computes.
 */
export const compilerFlags = '--no-maglev'

// For all threads of the process that imports this; as its first import, before anything of it is compiled.
setFlagsFromString(compilerFlags)
