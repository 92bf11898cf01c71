import type { Line } from './line.ts'

// npm run bench [-- NAME…]: one line a figure. A new bench is a file beside this one and a row here.
const benches: Record<string, () => Promise<{ bench(line: Line): Promise<void> }>> = {
  agreement: () => import('./agreement.ts'),
  lead: () => import('./lead.ts'),
  department: () => import('./department.ts'),
  phantom: () => import('./phantom.ts'),
  window: () => import('./window.ts'),
  'reading-room': () => import('./reading-room.ts'),
  learning: () => import('./learning.ts'),
  memory: () => import('./memory.ts'),
  gpu: () => import('./gpu.ts'),
  seeds: () => import('./seeds.ts'),
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !(name in benches))
if (unknown.length > 0) {
  process.stderr.write(`There is no bench "${unknown.join('", "')}"; there are ${Object.keys(benches).join(', ')}.\n`)
  process.exit(2)
}

const line: Line = (name, value, unit, comparedWith, ratio) => {
  const compared =
    ratio === null
      ? comparedWith && `  |  ${comparedWith}`
      : `  |  ${comparedWith}: ratio ${ratio.toPrecision(3)}${verdict(comparedWith, ratio)}`
  process.stdout.write(`${name}: ${Number(value.toPrecision(4))} ${unit}${compared}\n`)
}
/** Where the issue names a bound. */
function verdict(comparedWith: string, ratio: number): string {
  if (!comparedWith.startsWith('the bound')) return ''
  return ratio <= 1 ? ', kept' : ', NOT KEPT'
}
let failed = 0
for (const [name, load] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  try {
    await (await load()).bench(line)
  } catch (error) {
    failed++
    process.stdout.write(`${name} could not be measured: ${error instanceof Error ? error.message : String(error)}\n`)
  }
}
process.exit(failed > 0 ? 1 : 0)
