import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { decode } from 'fast-png'
import { writeIsq } from '../../src/main/imaging/writers/isq.ts'
import { createStudyWith, startProgram } from '../fixtures/program.ts'
import { expect, visit, type Window } from './window.ts'

export const columns = 96
export const slices = 24

/**
 * A scan that looks different from every side: a bright block in the first columns and rows, a grey bar along the last
 * rows, and a field in the middle that gets brighter with each slice.
 */
async function asymmetric(path: string, number: number, patient: number): Promise<void> {
  const voxels = new Int16Array(columns * columns * slices)
  for (let z = 0; z < slices; z++)
    for (let y = 0; y < columns; y++)
      for (let x = 0; x < columns; x++) {
        const density =
          x < 24 && y < 24 ? 1300 : y > 80 ? 400 : x > 36 && x < 60 && y > 36 && y < 60 ? -400 + 60 * z : -400
        voxels[(z * columns + y) * columns + x] = density + 20 * number + 1000
      }
  await writeIsq(path, {
    ...{ dims: [columns, columns, slices], spacing: [0.082, 0.082, 0.082], voxels, muScaling: 1000, slope: 1000 },
    ...{
      intercept: -1000,
      patientIndex: patient,
      measurementIndex: number,
      site: 'tibia',
      side: 'left',
      date: new Date(Date.UTC(2020, 0, number)),
    },
    name: `Asymmetric ${number}`,
  })
}

/** A study of such scans that reader r1 has open in the window; resolves when the first picture is drawn. */
export async function atDesk(
  data: string,
  open: () => Promise<Window>,
  scans: number,
  patients = scans,
): Promise<Window> {
  const folder = join(data, 'files')
  await mkdir(folder, { recursive: true })
  for (let n = 1; n <= scans; n++) await asymmetric(join(folder, `${n}.isq`), n, ((n - 1) % patients) + 1)
  const program = await startProgram(data)
  const { studyId } = await createStudyWith(program, [{ folder, purpose: 'reading' }])
  await program.close()
  const window = await open()
  await window.signIn('r1')
  await visit(window, `/studies/${studyId}/reading`)
  return window
}

export const canvas = (window: Window) => window.at('reading-canvas')

export async function drawn(window: Window, before = ''): Promise<string> {
  await expect(canvas(window)).toHaveAttribute('data-drawn', 'true')
  await expect(canvas(window)).not.toHaveAttribute('data-scan', before)
  return (await canvas(window).getAttribute('data-scan'))!
}

/** What the picture comes to at a place, as `expect` asks it: slices of a scan that is still on its way come later than their number. */
export function brightness(
  window: Window,
  column: number,
  row: number,
  name?: string,
  wide?: boolean,
): ReturnType<typeof expect.poll<number>> {
  return expect.poll(async () => (await picture(window, name, wide)).at(column, row))
}

export interface Picture {
  width: number
  height: number
  /** Brightness 0..255 at a place of the slice: 0, 0 is its first column and row, 1, 1 its last. */
  at(column: number, row: number): number
}

/** The picture as it is on the screen; the plane is fitted with two percent to spare. 'wide': by its width. */
export async function picture(window: Window, name = 'reading-canvas', wide = false): Promise<Picture> {
  // Two frames: the one that draws, and the one that is shown.
  await window.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
  const { width, height, data, channels } = decode(await window.at(name).screenshot())
  const side = (wide ? width : Math.min(width, height)) / 1.02
  return {
    width,
    height,
    at(column, row) {
      const x = Math.round(width / 2 + (column - 0.5) * side)
      const y = Math.round(height / 2 + (row - 0.5) * side)
      return data[(y * width + x) * channels]!
    },
  }
}
