import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Files that start as a process or a thread of their own. From source they run as they are (Node strips the types);
 * in the product they are bundled beside the main file as `<name>.js`. The build reads this table too.
 */
export const entries = {
  start: 'src/main/app/start.ts',
  index: 'src/main/app/index.ts',
  backup: 'src/main/store/backup-worker.ts',
  cli: 'src/main/cli/index.ts',
  decoder: 'src/main/imaging/decoder.ts',
  learner: 'src/main/learning/learner.ts',
  phantom: 'src/main/phantom/worker.ts',
  heel: 'src/main/phantom/heel/worker.ts',
  statistics: 'src/main/statistics/worker.ts',
  evaluator: 'src/main/statistics/evaluator-worker.ts',
  whole: 'src/main/statistics/whole-worker.ts',
} as const

/** Absolute path of an entry, for `new Worker`, `fork` or `utilityProcess.fork`. */
export function entry(name: keyof typeof entries): string {
  const here = dirname(fileURLToPath(import.meta.url))
  const bundled = join(here, `${name}.js`)
  return existsSync(bundled) ? bundled : join(here, '../../..', entries[name])
}
