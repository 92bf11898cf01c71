// How formats, sizes and voxels of scans are written.

const names: Partial<Record<string, string>> = {
  dicom: 'DICOM',
  isq: 'Scanco ISQ',
  aim: 'Scanco AIM',
  nifti: 'NIfTI',
  nrrd: 'NRRD',
  mha: 'MetaImage',
  metaimage: 'MetaImage',
  tiff: 'TIFF',
  png: 'PNG',
  jpeg: 'JPEG',
}

/** The name people know a format by. */
export function formatName(format: string | null): string {
  return format === null ? '' : (names[format.toLowerCase()] ?? format)
}

/** "512 × 512 × 168", or nothing where a file has no size. */
export function size(dims: readonly [number, number, number] | null): string {
  return dims ? dims.join(' × ') : ''
}

/** Voxel edges in millimetres, three figures each, once where they are equal; null where the file does not say. */
export function voxel(spacing: readonly [number, number, number] | null, language: string): string | null {
  if (!spacing) return null
  const text = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 })
  const [x, y, z] = spacing.map((edge) => text.format(edge))
  return x === y && y === z ? `${x ?? ''} mm` : `${[x, y, z].join(' × ')} mm`
}
