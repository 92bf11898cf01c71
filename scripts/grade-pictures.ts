import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { simulateSlices } from '../src/main/phantom/scan.ts'
import { courseOf } from '../src/main/phantom/severity.ts'
import type { ScanSpec, Site } from '../src/main/phantom/types.ts'
import { densityOfNative } from '../src/main/phantom/units.ts'

// The README's pictures of the five grades: the middle slice of one limb, simulated with motion of each grade.
// node scripts/node.mjs scripts/grade-pictures.ts

/** Rows and columns that the whole field of view is simulated with; the middle is shown. */
const sizes: Record<Site, number> = { tibia: 448, radius: 392 }
const edge = 300
const gap = 4
/** Bone window in mgHA/cm3, the program's own: level 450, width 1700. */
const [low, high] = [-400, 1300]

/** Courses of different kinds, so that the row shows what readers meet and not one movement made larger. */
const courses: Record<Site, readonly string[]> = {
  tibia: ['tibia-1', 'tibia-2', 'tibia-3', 'tibia-4', 'tibia-5'],
  radius: ['radius-1', 'radius-2', 'radius-3', 'radius-4', 'radius-5'],
}

function picture(site: Site, grade: number): Uint8Array {
  const size = sizes[site]
  // Grade 1 lies still; the others are in the middle of their grade. The limb lies alike in all.
  const severity = grade === 1 ? 0.5 : grade
  const spec: ScanSpec = {
    ...{ id: 'grades', seed: 'pictures', patientIndex: 1, measurementIndex: 1, site, side: 'right' },
    ...{ size, slices: 1, views: Math.round(1.5 * size), motion: courseOf(courses[site][grade - 1]!, site, severity) },
  }
  const { voxels } = simulateSlices(spec, 0, 1)
  const margin = Math.floor((size - edge) / 2)
  return Uint8Array.from({ length: edge * edge }, (_, i) => {
    const at = (margin + Math.floor(i / edge)) * size + margin + (i % edge)
    return Math.round(255 * Math.min(1, Math.max(0, (densityOfNative(voxels[at]!) - low) / (high - low))))
  })
}

function row(site: Site): Uint8Array {
  const width = 5 * edge + 4 * gap
  const data = new Uint8Array(width * edge)
  for (let k = 0; k < 5; k++) {
    const grey = picture(site, k + 1)
    for (let y = 0; y < edge; y++) data.set(grey.subarray(y * edge, (y + 1) * edge), y * width + k * (edge + gap))
  }
  return encode({ width, height: edge, data, channels: 1, depth: 8 })
}

const folder = process.argv[2] ?? join(import.meta.dirname, '../docs')
mkdirSync(folder, { recursive: true })
for (const site of ['tibia', 'radius'] as const) {
  const bytes = row(site)
  const path = join(folder, `grades-${site}.png`)
  writeFileSync(path, bytes)
  process.stdout.write(`${path}: ${Math.round(bytes.length / 1024)} KB\n`)
}
