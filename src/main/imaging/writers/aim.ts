import { open } from 'node:fs/promises'
import { ConcordError } from '../../domain/error.ts'
import { codeOfSite } from '../scanco.ts'
import type { IsqContent } from './isq.ts'

/** Short integers, the type of a grey AIM made from an ISQ. */
const SHORT = 0x00020002

/** Bytes of version 030: its name, the five sizes of the pre-header, the image structure. */
const NAME = 16
const PRE = 40
const STRUCT = 224

/**
 * Writes a Scanco AIM of version 030: the same voxels and calibration as the ISQ of the same content, the calibration in
 * the processing log as IPL leaves it there (layout: ITK ScancoImageIO, n88 AimIO).
 */
export async function writeAim(path: string, content: IsqContent): Promise<void> {
  const [nx, ny, nz] = content.dims
  if (content.voxels.length !== nx * ny * nz)
    throw new ConcordError(
      'size-mismatch',
      `The volume has ${content.voxels.length} voxels, not ${nx} x ${ny} x ${nz}.`,
    )
  const log = Buffer.from(`${processingLog(content)}\0`, 'latin1')
  const head = Buffer.alloc(NAME + PRE + STRUCT)
  head.write('AIMDATA_V030   ', 0, 'latin1')
  const long = (offset: number, value: number): number => head.writeBigInt64LE(BigInt(Math.round(value)), offset)
  ;[PRE, STRUCT, log.length, content.voxels.byteLength, 0].forEach((size, i) => long(NAME + 8 * i, size))
  const type = NAME + PRE + 12
  head.writeInt32LE(SHORT, type)
  // Position, dimensions, border and four more triples of zeros; then the element's size in nanometres.
  content.dims.forEach((n, i) => long(type + 4 + 8 * (3 + i), n))
  content.spacing.forEach((mm, i) => long(type + 4 + 8 * (21 + i), mm * 1e6))
  const file = await open(path, 'w')
  try {
    await file.write(Buffer.concat([head, log]))
    const bytes = new Uint8Array(content.voxels.buffer, content.voxels.byteOffset, content.voxels.byteLength)
    // Linux writes at most 2 GiB a call.
    for (let at = 0; at < bytes.length; at += 1 << 28) await file.write(bytes.subarray(at, at + (1 << 28)))
  } finally {
    await file.close()
  }
}

function processingLog(content: IsqContent): string {
  const line = (key: string, value: string | number): string => key.padEnd(30) + String(value).padStart(20)
  const um = content.dims.map((n, i) => Math.round(n * content.spacing[i]! * 1000))
  return [
    '!',
    '! Processing Log',
    '!',
    '!-------------------------------------------------------------------------------',
    line('Created by', 'ISQ_TO_AIM'),
    line('Time', vmsTime(content.date)),
    line('Original Creation-Date', vmsTime(content.date)),
    line('Orig-ISQ-Dim-p', content.dims.join('  ')),
    line('Orig-ISQ-Dim-um', um.join('  ')),
    '!-------------------------------------------------------------------------------',
    line('Patient Name', content.name.slice(0, 40)),
    line('Index Patient', content.patientIndex),
    line('Index Measurement', content.measurementIndex),
    '!-------------------------------------------------------------------------------',
    line('Site', codeOfSite(content.site, content.side)),
    line('Scanner ID', content.scannerId ?? 0),
    line('Scanner type', 9),
    line('Mu_Scaling', content.muScaling),
    line('Calibration Data', 'Concord calibration'),
    line('HU: mu water', content.muWater ?? 0.2409),
    line('Density: unit', 'mg HA/ccm'),
    line('Density: slope', content.slope),
    line('Density: intercept', content.intercept),
    '!-------------------------------------------------------------------------------',
    '',
  ].join('\r\n')
}

/** "14-AUG-2012 15:42:26.07" of the date's UTC fields. */
function vmsTime(date: Date): string {
  const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
  const two = (n: number): string => String(n).padStart(2, '0')
  const day = `${date.getUTCDate()}-${months[date.getUTCMonth()]}-${date.getUTCFullYear()}`
  const hundredths = two(Math.floor(date.getUTCMilliseconds() / 10))
  return `${day} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}.${hundredths}`
}
