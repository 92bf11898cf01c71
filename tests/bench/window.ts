import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { median } from '../../src/main/domain/median.ts'
import { randomFrom } from '../../src/main/domain/random.ts'
import { createForkHost } from '../../src/main/imaging/host.ts'
import { writeDicomSeries } from '../../src/main/imaging/writers/dicom.ts'
import { writeIsq } from '../../src/main/imaging/writers/isq.ts'
import type { ConcordApi } from '../../src/preload/contract/index.ts'
import { _electron as electron } from '@playwright/test'
import { display } from '../../scripts/lib/display.mjs'
import { launch } from '../../scripts/lib/launch.mjs'
import { importAll, openStudy, startProgram } from '../fixtures/program.ts'
import { openWindow, type Window } from '../main-job/window.ts'
import type { Line } from './line.ts'

const dims: [number, number, number] = [512, 512, 168]
const spacing: [number, number, number] = [0.061, 0.061, 0.061]
/** Scans of full size in the reader's queue. */
const large = 7

/** What a reader waits for, at full size and in the real window (software graphics where there is no card). */
export async function bench(line: Line): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'concord-bench-'))
  const screen = await display({ always: true })
  try {
    const data = join(root, 'data')
    const files = await writeScans(join(root, 'scans'), line)
    await prepare(data, files)
    const started = performance.now()
    const window = await openWindow({ data, env: screen.env, size: { width: 1440, height: 860 } })
    await window.at('sign-in-name').waitFor()
    const cold = performance.now() - started
    const bare = await bareStart(root, screen.env)
    line('cold start to sign-in', cold, 'ms', 'an empty Electron window', cold / bare)
    await window.signIn('r1')
    await votes(window, line)
    await pictures(window, line)
    await window.close()
  } finally {
    screen.stop()
    rmSync(root, { recursive: true, force: true })
  }
}

async function writeScans(folder: string, line: Line): Promise<string[]> {
  await mkdir(folder, { recursive: true })
  const random = randomFrom('bench')
  const noise = Int16Array.from({ length: 1 << 16 }, () => 40 * random.normal())
  const files: string[] = []
  for (let index = 0; index < large; index++) {
    const voxels = disc(noise, 3000 + 100 * index)
    const common = { dims, spacing, voxels, patientIndex: index + 1, measurementIndex: index + 1 }
    const path = join(folder, `scan-${index}.isq`)
    await writeIsq(path, {
      ...common,
      muScaling: 8192,
      muWater: 0.24,
      slope: 1603,
      intercept: -391,
      site: 'tibia',
      side: 'left',
      name: `Bench ${index}`,
      date: new Date(0),
    })
    files.push(path)
  }
  const series = join(folder, 'series')
  await writeDicomSeries(series, {
    dims,
    spacing,
    voxels: disc(noise, 5000),
    slope: 1,
    intercept: 0,
    patientId: 'BENCH',
    patientName: 'Bench^Series',
    studyDate: new Date(0),
    bodyPart: 'TIBIA',
    laterality: 'left',
    description: 'bench',
  })
  files.push(series)
  const host = createForkHost()
  for (const [name, path] of [
    ['ISQ', files[0]!],
    ['DICOM series', series],
  ] as const) {
    const { sources } = await host.discover([path])
    const times: number[] = []
    for (let run = 0; run < 3; run++) {
      const began = performance.now()
      await host.inspect(sources[0]!)
      times.push(performance.now() - began)
    }
    const read = await readBytes(sources[0]!.files)
    line(`look at a 512 x 512 x 168 ${name}`, median(times)!, 'ms', 'reading its bytes alone', median(times)! / read)
  }
  await host.close()
  return files
}

/** Milliseconds to read the files' bytes, the median of three. */
async function readBytes(files: string[]): Promise<number> {
  const times: number[] = []
  for (let run = 0; run < 3; run++) {
    const began = performance.now()
    for (const file of files) await readFile(file)
    times.push(performance.now() - began)
  }
  return median(times)!
}

/** Milliseconds until a program of one empty window shows it: what no Electron program can be below. */
async function bareStart(root: string, env: Record<string, string>): Promise<number> {
  const main = join(root, 'bare.cjs')
  await writeFile(
    main,
    `const { app, BrowserWindow } = require('electron')
     app.whenReady().then(() => new BrowserWindow({}).loadURL('data:text/html,<p id=there>there'))`,
  )
  const { data: _, args, ...options } = launch({ env })
  const began = performance.now()
  const app = await electron.launch({ ...options, args: [...args.slice(0, -1), main] })
  await (await app.firstWindow()).locator('#there').waitFor()
  const wait = performance.now() - began
  await app.close()
  return wait
}

function disc(noise: Int16Array, bone: number): Int16Array {
  const [nx, ny, nz] = dims
  const voxels = new Int16Array(nx * ny * nz)
  for (let z = 0; z < nz; z++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++) {
        const r = Math.hypot(x - 256, y - 256 - z / 8)
        const at = (z * ny + y) * nx + x
        voxels[at] = (r < 120 ? 900 : r < 140 ? bone : 100) + noise[(at * 31 + z) & 0xffff]!
      }
  return voxels
}

/** Two studies for one reader: full-size scans to look at, and many without pictures to cast votes on. */
async function prepare(data: string, files: string[]): Promise<void> {
  const program = await startProgram(data)
  const { lead, readers } = await openStudy(program, 400)
  const { id: studyId } = await program.get<{ id: string }>('lead', 'studies.create', {
    title: 'Large',
    template: 'hrpqct-motion',
    readersPerScan: 1,
  })
  await importAll(program, lead, studyId, files, 'reading')
  await program.get('lead', 'studies.setReaders', { studyId, readerIds: [readers[0]!.accountId] })
  await program.get('lead', 'studies.open', { studyId })
  await program.close()
}

/** The page's wait for a vote's acknowledgement, beside one bare insert with the same safety. */
async function votes(window: Window, line: Line): Promise<void> {
  const times = await window.page.evaluate(async () => {
    const { concord } = window as unknown as { concord: ConcordApi }
    const studies = await concord.studies.list({})
    if (!studies.ok) throw new Error(studies.error.message)
    const studyId = studies.value.find((study) => study.title === 'Motion')!.id
    const waits: number[] = []
    let desk = await concord.reading.desk({ studyId })
    while (desk.ok && desk.value.current && waits.length < 300) {
      const began = performance.now()
      desk = await concord.reading.cast({
        assignmentId: desk.value.current.assignmentId,
        grade: 3,
        reason: null,
        shownAt: new Date().toISOString(),
        worstSlice: null,
        note: null,
      })
      waits.push(performance.now() - began)
    }
    return waits
  })
  const bare = bareInserts(join(window.data, 'bare.db'), times.length)
  line(
    'vote acknowledged, p95',
    quantile(times, 0.95),
    'ms',
    'one bare insert, on the disk, p95',
    quantile(times, 0.95) / quantile(bare, 0.95),
  )
  line(
    'vote acknowledged, median',
    median(times)!,
    'ms',
    'one bare insert, on the disk, median',
    median(times)! / median(bare)!,
  )
}

function bareInserts(file: string, count: number): number[] {
  const db = new Sqlite(file)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.exec('create table t (id integer primary key, grade integer)')
  const insert = db.prepare('insert into t (grade) values (3)')
  const times = Array.from({ length: count }, () => {
    const began = performance.now()
    insert.run()
    return performance.now() - began
  })
  db.close()
  return times
}

/** From Enter to the next scan's picture, loaded ahead; and the first picture of all, which is not. */
async function pictures(window: Window, line: Line): Promise<void> {
  const { page } = window
  await page.evaluate(() => {
    const clock = { key: 0, drawn: 0, scan: '' }
    Object.assign(window, { clock })
    addEventListener('keydown', (event) => event.key === 'Enter' && (clock.key = performance.now()), true)
    addEventListener('hashchange', () => (clock.key = performance.now()), true)
    const look = (): void => {
      const scan = document.querySelector('[data-drawn="true"]')?.getAttribute('data-scan') ?? ''
      if (scan && scan !== clock.scan) Object.assign(clock, { scan, drawn: performance.now() })
    }
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true })
  })
  const waits: number[] = []
  await page.locator('[data-test="study-row"][data-title="Large"] [data-test="study-open"]').click()
  let scan = ''
  for (let n = 0; n < large; n++) {
    const found = await page.waitForFunction(
      (before) => {
        const { clock } = window as unknown as { clock: { key: number; drawn: number; scan: string } }
        return clock.scan !== before && clock.drawn > clock.key
          ? { wait: clock.drawn - clock.key, scan: clock.scan }
          : null
      },
      scan,
      { timeout: 60_000 },
    )
    const { wait, scan: shown } = (await found.jsonValue())!
    scan = shown
    waits.push(wait)
    if (n === large - 1) break
    // A reader looks for a moment; meanwhile the next scan is loaded.
    await page.waitForTimeout(2500)
    await page.keyboard.press('3')
    await page.keyboard.press('Enter')
  }
  const volumes = join(window.data, 'volumes')
  const file = join(volumes, (await readdir(volumes))[0]!)
  const read = await readBytes([file])
  line(
    'first picture of a 512 x 512 x 168 scan, not loaded ahead',
    waits[0]!,
    'ms',
    'reading its bytes alone',
    waits[0]! / read,
  )
  line(
    'keypress to the next picture, median',
    median(waits.slice(1))!,
    'ms',
    'the first picture',
    median(waits.slice(1))! / waits[0]!,
  )
  line(
    'keypress to the next picture, slowest',
    Math.max(...waits.slice(1)),
    'ms',
    'the first picture',
    Math.max(...waits.slice(1)) / waits[0]!,
  )
}

function quantile(values: number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!
}
