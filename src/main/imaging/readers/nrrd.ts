import { openFile } from '../bytes.ts'
import { splitAffine, type Geometry } from '../geometry.ts'
import { badFile } from '../limits.ts'
import type { SampleType } from '../samples.ts'
import { identityDirection, type Triple } from '../volume.ts'
import { besideHeader, readDescribed } from './text-header.ts'
import type { Reader } from './reader.ts'

/** NRRD, attached or detached, raw or gzip (https://teem.sourceforge.net/nrrd/format.html). */
export const nrrd: Reader = {
  format: 'nrrd',
  matches: (head) => /^NRRD000[1-5]\r?\n/.test(head.toString('latin1', 0, 10)),
  read: async ([path = ''], limits) => {
    const { fields, length } = await readHeader(path)
    const warnings: string[] = []
    const type = typeOf(path, fields)
    const { dims, components } = dimsOf(path, fields, warnings)
    const encoding = fields.get('encoding') ?? 'raw'
    const gzip = encoding === 'gzip' || encoding === 'gz'
    if (!gzip && encoding !== 'raw') {
      throw badFile('format-refused', path, `stores its voxels as "${encoding}"; only raw and gzip are read.`)
    }
    const detached = fields.get('data file') ?? fields.get('datafile')
    if (detached?.startsWith('LIST') || detached?.includes('%')) {
      throw badFile('format-refused', path, 'spreads its voxels over several data files. Save it as one file.')
    }
    const skip = Number(fields.get('byte skip') ?? fields.get('byteskip') ?? 0)
    if (!Number.isInteger(skip) || skip < -1 || (gzip && skip !== 0) || Number(fields.get('line skip') ?? 0) !== 0) {
      throw badFile('format-refused', path, 'skips bytes or lines before its voxels in a way that is not read.')
    }
    const start = detached === undefined ? length : 0
    const voxels = await readDescribed(
      {
        path: detached === undefined ? path : besideHeader(path, detached),
        offset: skip === -1 ? -1 : start + skip,
        compression: gzip ? 'gzip' : 'none',
        type,
        count: dims[0] * dims[1] * dims[2] * components,
        littleEndian: fields.get('endian') !== 'big',
      },
      limits,
      warnings,
    )
    return {
      ...{
        format: 'nrrd',
        dims,
        components,
        ...geometryOf(fields, warnings, components),
        pixelType: type,
        unit: 'raw',
      },
      ...{ slope: 1, intercept: 0, warnings, meta: { patientKey: '' }, voxels },
    }
  },
}

const TYPES: [RegExp, SampleType][] = [
  [/^(signed char|int8(_t)?)$/, 'int8'],
  [/^(uchar|unsigned char|uint8(_t)?)$/, 'uint8'],
  [/^(short( int)?|signed short( int)?|int16(_t)?)$/, 'int16'],
  [/^(ushort|unsigned short( int)?|uint16(_t)?)$/, 'uint16'],
  [/^(int|signed int|int32(_t)?)$/, 'int32'],
  [/^(uint|unsigned int|uint32(_t)?)$/, 'uint32'],
  [/^(longlong|long long( int)?|signed long long( int)?|int64(_t)?)$/, 'int64'],
  [/^(ulonglong|unsigned long long( int)?|uint64(_t)?)$/, 'uint64'],
  [/^float$/, 'float32'],
  [/^double$/, 'float64'],
]

function typeOf(path: string, fields: Map<string, string>): SampleType {
  const text = fields.get('type') ?? ''
  const found = TYPES.find(([pattern]) => pattern.test(text))
  if (!found) throw badFile('format-refused', path, `stores values of type "${text}", which is not a grey image.`)
  return found[1]
}

/** "field: value" lines up to the first empty line, which the voxels follow. */
async function readHeader(path: string): Promise<{ fields: Map<string, string>; length: number }> {
  const file = await openFile(path)
  try {
    const head = await file.peek(1 << 20)
    const text = head.toString('latin1')
    const end = /\r?\n\r?\n/.exec(text)
    const detached = /^data ?file:/m.test(text)
    if (!end && (!detached || head.length === 1 << 20)) {
      throw badFile('file-truncated', path, 'ends inside its header. Copy it again.')
    }
    const fields = new Map<string, string>()
    for (const line of text.slice(0, end ? end.index : text.length).split(/\r?\n/)) {
      const match = /^([^#:]+):[ =]\s*(.*?)\s*$/.exec(line)
      if (match) fields.set((match[1] as string).toLowerCase(), match[2] as string)
    }
    return { fields, length: end ? end.index + end[0].length : text.length }
  } finally {
    await file.close()
  }
}

function dimsOf(path: string, fields: Map<string, string>, warnings: string[]): { dims: Triple; components: 1 | 3 } {
  const sizes = (fields.get('sizes') ?? '').split(/\s+/).map(Number)
  const rank = Number(fields.get('dimension') ?? 0)
  if (rank < 1 || rank !== sizes.length || !sizes.every((n) => Number.isSafeInteger(n) && n >= 1)) {
    throw badFile('header-lies', path, 'declares sizes that do not make a volume. Its header is damaged.')
  }
  const kinds = (fields.get('kinds') ?? '').toLowerCase().split(/\s+/)
  const colour = sizes[0] === 3 && /^(rgb-color|3-color|vector|3-vector)$/.test(kinds[0] ?? '')
  const space = colour ? sizes.slice(1) : sizes
  const rest = space.slice(3).reduce((n, v) => n * v, 1)
  if (rest > 1) warnings.push(`The file holds ${rest} volumes; this is the first.`)
  return { dims: [space[0] ?? 1, space[1] ?? 1, space[2] ?? 1], components: colour ? 3 : 1 }
}

/** From space directions and origin where given, else from spacings. */
function geometryOf(fields: Map<string, string>, warnings: string[], components: 1 | 3): Geometry {
  const vectors = vectorsOf(fields.get('space directions') ?? '')
  const space = (fields.get('space') ?? '').toLowerCase()
  if (vectors.length >= 3) {
    const sign = spaceSigns(space)
    if (!sign) warnings.push('The file does not say how its space lies in the body; left, back, up is assumed.')
    const [sx, sy, sz] = sign ?? [1, 1, 1]
    const origin = vectorsOf(fields.get('space origin') ?? '')[0] ?? [0, 0, 0]
    const rows = [sx, sy, sz].map((s, i) => [...vectors.slice(0, 3), origin].map((v) => s * (v[i] as number)))
    const geometry = splitAffine(rows, warnings)
    return { ...geometry, oriented: geometry.oriented && sign !== null }
  }
  const numbers = (fields.get('spacings') ?? '').split(/\s+/).map(Number)
  const spacing = components === 3 ? numbers.slice(1) : numbers
  const known = spacing.length >= 2 && spacing.slice(0, 3).every((mm) => Number.isFinite(mm) && mm > 0)
  if (!known) warnings.push('The file does not give the size of a voxel.')
  warnings.push('The file does not say how the volume lies in the body.')
  return {
    spacing: known ? [spacing[0] as number, spacing[1] as number, spacing[2] ?? 1] : null,
    origin: [0, 0, 0],
    direction: identityDirection(),
    oriented: false,
  }
}

/** "(a,b,c) (d,e,f) none" as vectors; "none" (the colour axis) is left out. */
function vectorsOf(text: string): number[][] {
  return [...text.matchAll(/\(([^)]*)\)/g)]
    .map((match) => (match[1] as string).split(',').map(Number))
    .filter((vector) => vector.length === 3)
}

/** Signs that turn a named space into LPS; null where the name is unknown. */
function spaceSigns(space: string): Triple | null {
  if (/^(left-posterior-superior|lps)(-time)?$/.test(space)) return [1, 1, 1]
  if (/^(right-anterior-superior|ras)(-time)?$/.test(space)) return [-1, -1, 1]
  if (/^(left-anterior-superior|las)(-time)?$/.test(space)) return [1, -1, 1]
  return null
}
