import { courseOf } from '../../src/main/phantom/severity.ts'
import type { ScanSpec, Site } from '../../src/main/phantom/types.ts'

/** A scan of one limb with motion of grade 4, a random course. */
export function specOf(site: Site, size: number, slices: number, views: number, course: string): ScanSpec {
  return {
    ...{ id: 'bench', seed: 'bench', patientIndex: 1, measurementIndex: 1, site, side: 'left', size, slices, views },
    motion: courseOf(course, site, 4),
  }
}
