/**
 * What ISQ, RSQ and AIM headers share. Scanco publishes no specification; the layout follows three public readers that
 * agree: ITK's ScancoImageIO (ITKIOScanco), BoneJ's ISQReader and aimio-py.
 */

/** The first 16 bytes of an ISQ, RSQ or RAD file. */
export const ISQ_MAGIC = 'CTDATA-HEADER_V1'

/** Header blocks are 512 bytes; the data starts at (data_offset + 1) blocks. */
export const BLOCK = 512

/** Milliseconds from the VMS epoch (17 November 1858, the Smithsonian base date) to 1970. */
const VMS_EPOCH_MS = 40587 * 86400_000

/** A VMS quadword (100 ns ticks since 1858, unsigned little endian) as YYYY-MM-DDTHH:MM:SS.mmm, or undefined for zero. */
export function readVmsDate(view: DataView, offset: number): string | undefined {
  const ticks = view.getBigUint64(offset, true)
  if (ticks === 0n) return undefined
  const date = new Date(Number(ticks / 10000n) - VMS_EPOCH_MS)
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999) return undefined
  return date.toISOString().slice(0, -1)
}

/** The inverse of readVmsDate; the date's UTC fields are taken as the scanner's clock. */
export function writeVmsDate(view: DataView, offset: number, date: Date): void {
  view.setBigUint64(offset, BigInt(date.getTime() + VMS_EPOCH_MS) * 10000n, true)
}

/**
 * A VAX G_floating number: 16-bit words with the most significant first, exponent bias 1024 with a hidden bit below the
 * point, so the same bits read as IEEE 754 are four times the value (VAX Architecture Reference Manual, 1.2).
 */
export function readVaxDouble(view: DataView, offset: number): number {
  const swapped = new DataView(new ArrayBuffer(8))
  for (let i = 0; i < 8; i += 2) swapped.setUint16(i, view.getUint16(offset + i, true))
  return swapped.getFloat64(0) / 4
}

export function writeVaxDouble(view: DataView, offset: number, value: number): void {
  const swapped = new DataView(new ArrayBuffer(8))
  swapped.setFloat64(0, value * 4)
  for (let i = 0; i < 8; i += 2) view.setUint16(offset + i, swapped.getUint16(i), true)
}

/** A VAX F_floating number: as above with bias 128, so the IEEE reading is four times the value. */
export function readVaxFloat(view: DataView, offset: number): number {
  const swapped = new DataView(new ArrayBuffer(4))
  for (let i = 0; i < 4; i += 2) swapped.setUint16(i, view.getUint16(offset + i, true))
  return swapped.getFloat32(0) / 4
}

export interface ScancoSite {
  site: string
  side?: 'left' | 'right'
}

/** Site codes of the XtremeCT's list; others (a centre can define its own) are kept as "site N". */
const SITES: Record<number, ScancoSite> = {
  20: { site: 'radius', side: 'left' },
  21: { site: 'radius', side: 'right' },
  38: { site: 'tibia', side: 'left' },
  39: { site: 'tibia', side: 'right' },
}

export function siteOfCode(code: number): ScancoSite | undefined {
  return SITES[code] ?? (code > 0 ? { site: `site ${code}` } : undefined)
}

/** The code for a site and side, 0 where the list has none. */
export function codeOfSite(site: string, side?: 'left' | 'right'): number {
  for (const [code, entry] of Object.entries(SITES)) {
    if (entry.site === site && entry.side === (side ?? 'left')) return Number(code)
  }
  return 0
}
