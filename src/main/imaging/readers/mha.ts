import { openFile } from '../bytes.ts'
import { directionOf, checkAxes, norm, type Geometry } from '../geometry.ts'
import { badFile } from '../limits.ts'
import type { SampleType } from '../samples.ts'
import { identityDirection, type Triple } from '../volume.ts'
import { besideHeader, readDescribed } from './text-header.ts'
import type { Reader } from './reader.ts'

/** MetaImage, .mha or .mhd with its raw file (https://itk.org/Wiki/ITK/MetaIO/Documentation). */
export const mha: Reader = {
  format: 'mha',
  matches: (head) => {
    const text = head.toString('latin1')
    return /^\s*(ObjectType|NDims|Comment)\s*=/.test(text) && /^\s*NDims\s*=/m.test(text)
  },
  read: async ([path = ''], limits) => {
    const { fields, length } = await readHeader(path)
    const warnings: string[] = []
    const type = TYPES[fields.get('ElementType') ?? '']
    if (!type) {
      throw badFile(
        'format-refused',
        path,
        `stores values of type "${fields.get('ElementType') ?? ''}", not a grey image.`,
      )
    }
    const channels = Number(fields.get('ElementNumberOfChannels') ?? 1)
    if (channels !== 1 && channels !== 3) {
      throw badFile('format-refused', path, `has ${channels} values a voxel; only grey and RGB images are read.`)
    }
    const dims = dimsOf(path, fields, warnings)
    const file = fields.get('ElementDataFile') ?? ''
    if (file === '' || file.startsWith('LIST') || file.includes('%')) {
      throw badFile('format-refused', path, 'spreads its voxels over several data files. Save it as one file.')
    }
    const local = file.toUpperCase() === 'LOCAL'
    const skip = Number(fields.get('HeaderSize') ?? 0)
    if (!Number.isInteger(skip) || skip < -1) throw badFile('header-lies', path, 'has a damaged header.')
    const voxels = await readDescribed(
      {
        path: local ? path : besideHeader(path, file),
        offset: skip === -1 ? -1 : (local ? length : 0) + skip,
        compression: isTrue(fields.get('CompressedData')) ? 'zlib' : 'none',
        type,
        count: dims[0] * dims[1] * dims[2] * channels,
        littleEndian: !isTrue(fields.get('BinaryDataByteOrderMSB') ?? fields.get('ElementByteOrderMSB')),
      },
      limits,
      warnings,
    )
    return {
      ...{ format: 'mha', dims, components: channels, ...geometryOf(fields, warnings), pixelType: type, unit: 'raw' },
      ...{ slope: 1, intercept: 0, warnings, meta: { patientKey: '' }, voxels },
    }
  },
}

const TYPES: Record<string, SampleType> = {
  MET_CHAR: 'int8',
  MET_UCHAR: 'uint8',
  MET_SHORT: 'int16',
  MET_USHORT: 'uint16',
  MET_INT: 'int32',
  MET_UINT: 'uint32',
  MET_LONG: 'int32',
  MET_ULONG: 'uint32',
  MET_LONG_LONG: 'int64',
  MET_ULONG_LONG: 'uint64',
  MET_FLOAT: 'float32',
  MET_DOUBLE: 'float64',
}

/** "Key = value" lines; ElementDataFile is the last, and LOCAL voxels follow it. */
async function readHeader(path: string): Promise<{ fields: Map<string, string>; length: number }> {
  const file = await openFile(path)
  try {
    const text = (await file.peek(1 << 16)).toString('latin1')
    const fields = new Map<string, string>()
    for (const match of text.matchAll(/[ \t]*(\w+)[ \t]*=[ \t]*([^\r\n]*?)[ \t]*(?:\r?\n|$)/gy)) {
      fields.set(match[1] as string, match[2] as string)
      if (match[1] === 'ElementDataFile') return { fields, length: match.index + match[0].length }
    }
    throw badFile('file-truncated', path, 'ends inside its header. Copy it again.')
  } finally {
    await file.close()
  }
}

function dimsOf(path: string, fields: Map<string, string>, warnings: string[]): Triple {
  const sizes = (fields.get('DimSize') ?? '').split(/\s+/).map(Number)
  const rank = Number(fields.get('NDims'))
  if (rank < 1 || sizes.length !== rank || !sizes.every((n) => Number.isSafeInteger(n) && n >= 1)) {
    throw badFile('header-lies', path, 'declares sizes that do not make a volume. Its header is damaged.')
  }
  const rest = sizes.slice(3).reduce((n, v) => n * v, 1)
  if (rest > 1) warnings.push(`The file holds ${rest} volumes; this is the first.`)
  return [sizes[0] ?? 1, sizes[1] ?? 1, sizes[2] ?? 1]
}

function geometryOf(fields: Map<string, string>, warnings: string[]): Geometry {
  const numbers = (...keys: string[]) => {
    const text = keys.map((key) => fields.get(key)).find((value) => value !== undefined)
    const list = text === undefined ? [] : text.split(/\s+/).map(Number)
    return list.every(Number.isFinite) ? list : []
  }
  const rank = Number(fields.get('NDims'))
  const size = numbers('ElementSpacing', 'ElementSize')
  const known = size.length >= Math.min(rank, 3) && size.slice(0, 3).every((mm) => mm > 0)
  if (!known) warnings.push('The file does not give the size of a voxel.')
  // TransformMatrix lists the axes one after another: its rows are the columns of the direction.
  const matrix = numbers('TransformMatrix', 'Rotation', 'Orientation')
  const axes = [0, 1, 2].map((i) => matrix.slice(3 * i, 3 * i + 3))
  const oriented = rank === 3 && matrix.length === 9 && axes.every((axis) => Math.abs(norm(axis) - 1) < 1e-3)
  if (oriented) checkAxes(axes, warnings)
  else warnings.push('The file does not say how the volume lies in the body.')
  const origin = numbers('Offset', 'Position', 'Origin')
  return {
    spacing: known ? [size[0] as number, size[1] ?? 1, size[2] ?? 1] : null,
    origin: [origin[0] ?? 0, origin[1] ?? 0, origin[2] ?? 0],
    direction: oriented ? directionOf(axes) : identityDirection(),
    oriented,
  }
}

const isTrue = (text: string | undefined): boolean => /^(true|t|1|yes)$/i.test(text ?? '')
