import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { median } from '../../src/main/domain/median.ts'
import { randomFrom } from '../../src/main/domain/random.ts'
import { writeDicomSeries } from '../../src/main/imaging/writers/dicom.ts'
import { writeIsq } from '../../src/main/imaging/writers/isq.ts'
import type { ConcordApi } from '../../src/preload/contract/index.ts'
import { display } from '../../scripts/lib/display.mjs'
import { niftiFile } from '../fixtures/imaging/nifti.ts'
import { importAll, startProgram } from '../fixtures/program.ts'
import { openWindow, type Window } from '../main-job/window.ts'
import type { Line } from './line.ts'

type Dims = [number, number, number]
const whole: Dims = [512, 512, 168]
const small: Dims = [256, 256, 64]
/** How often each first picture is measured, each time of another scan. */
const firsts = 3
const queue = 200
const files = 10_000

/** What a reader waits for in the reading room: first pictures, scrolling, memory over a long queue; and a large import beside it. */
export async function bench(line: Line): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'concord-bench-'))
  const screen = await display({ always: true })
  try {
    const data = join(root, 'data')
    await prepare(root, data)
    let window = await openWindow({ data, env: screen.env, size: { width: 1440, height: 860 } })
    await window.at('sign-in-name').waitFor()
    await window.signIn('r1')
    for (const kind of ['ISQ', 'DICOM series']) await firstPictures(window, kind, line)
    await scrolling(window, line)
    await longQueue(window, line)
    await window.close()
    window = await openWindow({ data, env: screen.env })
    await window.at('sign-in-name').waitFor()
    await window.signIn('boss')
    await largeImport(window, manyFiles(join(root, 'many')), line)
    await window.close()
  } finally {
    screen.stop()
    rmSync(root, { recursive: true, force: true })
  }
}

const noise = (() => {
  const random = randomFrom('bench')
  return Int16Array.from({ length: 1 << 16 }, () => 40 * random.normal())
})()

function disc([nx, ny, nz]: Dims, bone: number): Int16Array {
  const voxels = new Int16Array(nx * ny * nz)
  for (let z = 0; z < nz; z++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++) {
        const r = Math.hypot(x - nx / 2, y - ny / 2 - z / 8) * (512 / nx)
        const at = (z * ny + y) * nx + x
        voxels[at] = (r < 120 ? 900 : r < 140 ? bone : 100) + noise[(at * 31 + z) & 0xffff]!
      }
  return voxels
}

async function isq(path: string, dims: Dims, number: number): Promise<void> {
  await writeIsq(path, {
    ...{ dims, spacing: [0.061, 0.061, 0.061], voxels: disc(dims, 3000 + number), muScaling: 8192, muWater: 0.24 },
    ...{ slope: 1603, intercept: -391, patientIndex: number, measurementIndex: number, site: 'tibia', side: 'left' },
    ...{ name: `Bench ${number}`, date: new Date(0) },
  })
}

/** A study of one scan each for the first pictures, and one with a long queue; all read by r1. */
async function prepare(root: string, data: string): Promise<void> {
  const program = await startProgram(data)
  const boss = await program.person('boss', 'lead', 'trainer')
  const reader = await program.person('r1', 'reader')
  const study = async (title: string, paths: string[]): Promise<void> => {
    const { id: studyId } = await program.get<{ id: string }>('boss', 'studies.create', {
      ...{ title, template: 'hrpqct-motion', readersPerScan: 1 },
    })
    await importAll(program, boss, studyId, paths, 'reading')
    await program.get('boss', 'studies.setReaders', { studyId, readerIds: [reader.accountId] })
    await program.get('boss', 'studies.open', { studyId })
  }
  const folder = join(root, 'files')
  await mkdir(folder, { recursive: true })
  for (let n = 1; n <= firsts; n++) {
    const path = join(folder, `${n}.isq`)
    await isq(path, whole, n)
    await study(`ISQ ${n}`, [path])
    const series = join(folder, `series-${n}`)
    await writeDicomSeries(series, {
      ...{ dims: whole, spacing: [0.061, 0.061, 0.061], voxels: disc(whole, 5000 + n), slope: 1, intercept: 0 },
      ...{ patientId: `B${n}`, patientName: 'Bench^Series', studyDate: new Date(0), bodyPart: 'TIBIA' },
      ...{ laterality: 'left', description: 'bench' },
    })
    await study(`DICOM series ${n}`, [series])
    rmSync(path)
    rmSync(series, { recursive: true })
  }
  const long = join(root, 'long')
  await mkdir(long)
  for (let n = 1; n <= queue; n++) await isq(join(long, `${n}.isq`), small, n)
  await study('Long', [long])
  rmSync(long, { recursive: true })
  await program.close()
}

/** Opens a study by a click; milliseconds until the first picture of its first scan is on the screen. */
async function openByClick(window: Window, title: string): Promise<number> {
  const { page } = window
  await window.click('home')
  const button = page.locator(`[data-test="study-row"][data-title="${title}"] [data-test="study-open"]`)
  await button.waitFor()
  await page.evaluate(() => {
    const clock = { from: 0, to: 0 }
    Object.assign(globalThis, { clock })
    addEventListener('click', () => (clock.from ||= performance.now()), { capture: true })
    const observer = new MutationObserver(() => {
      if (!clock.from || clock.to || !document.querySelector('[data-drawn="true"]')) return
      clock.to = performance.now()
      observer.disconnect()
    })
    observer.observe(document.body, { subtree: true, childList: true, attributes: true })
  })
  await button.click()
  const found = await page.waitForFunction(
    () => {
      const { clock } = globalThis as unknown as { clock: { from: number; to: number } }
      return clock.to && clock.to - clock.from
    },
    undefined,
    { timeout: 60_000 },
  )
  return await found.jsonValue()
}

async function firstPictures(window: Window, kind: string, line: Line): Promise<void> {
  const waits: number[] = []
  for (let n = 1; n <= firsts; n++) {
    waits.push(await openByClick(window, `${kind} ${n}`))
    await window.at('sheet-1').waitFor()
  }
  const target = kind === 'ISQ' ? 600 : 900
  const name = `first picture of a 512 x 512 x 168 scan from ${kind}, not loaded ahead`
  line(`${name}, median`, median(waits)!, 'ms', `aim ${target} ms`, median(waits)! / target)
  line(`${name}, slowest of ${firsts}`, Math.max(...waits), 'ms', `aim ${target} ms`, Math.max(...waits) / target)
}

/** Slices drawn a second, one asked for in each frame; and what a draw itself takes, with the picture read back. */
async function scrolling(window: Window, line: Line): Promise<void> {
  const { frames, seconds, p95 } = await window.page.evaluate(async () => {
    const picture = document.querySelector<HTMLElement>('[data-test="reading-canvas"]')!
    const frame = () => new Promise<number>((done) => requestAnimationFrame(done))
    const gaps: number[] = []
    let before = await frame()
    const began = before
    for (let n = 0; n < 240; n++) {
      const key = n % 160 < 80 ? 'ArrowUp' : 'ArrowDown'
      picture.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
      const now = await frame()
      gaps.push(now - before)
      before = now
    }
    gaps.sort((a, b) => a - b)
    return { frames: gaps.length, seconds: (before - began) / 1000, p95: gaps[Math.floor(gaps.length * 0.95)]! }
  })
  line('scrolling 512 x 512 x 168, slices a second', frames / seconds, '/s', 'aim 60', frames / seconds / 60)
  line('scrolling, gap between two frames, p95', p95, 'ms', 'one frame of 60 a second', p95 / (1000 / 60))
}

/** Resident memory of all the program's processes, in megabytes. */
async function resident(window: Window): Promise<number> {
  const metrics = await window.app.evaluate(({ app }) => app.getAppMetrics().map((one) => one.memory.workingSetSize))
  return metrics.reduce((sum, kilobytes) => sum + kilobytes, 0) / 1024
}

async function longQueue(window: Window, line: Line): Promise<void> {
  const { page } = window
  await openByClick(window, 'Long')
  const at = 20
  let first = 0
  const waits: number[] = []
  for (let n = 1; n < queue; n++) {
    const scan = await window.at('reading-canvas').getAttribute('data-scan')
    await page.evaluate((before) => {
      const clock = { key: 0, drawn: 0 }
      Object.assign(globalThis, { clock })
      const look = (): void => {
        const now = document.querySelector('[data-drawn="true"]')?.getAttribute('data-scan')
        if (now && now !== before) clock.drawn = performance.now()
        else requestAnimationFrame(look)
      }
      addEventListener('keydown', ({ key }) => key === 'Enter' && (clock.key = performance.now()), {
        ...{ capture: true, once: false },
      })
      look()
    }, scan)
    await page.keyboard.press('3')
    await page.keyboard.press('Enter')
    const found = await page.waitForFunction(() => {
      const { clock } = globalThis as unknown as { clock: { key: number; drawn: number } }
      return clock.drawn && clock.drawn - clock.key
    })
    waits.push(await found.jsonValue())
    if (n === at) first = await resident(window)
    // A reader looks for a moment; meanwhile the next scan is loaded.
    await page.waitForTimeout(80)
  }
  const last = await resident(window)
  line(`resident memory after ${queue} scans, all processes`, last, 'MB', `after ${at} scans`, last / first)
  const sorted = [...waits].sort((a, b) => a - b)
  const p95 = sorted[Math.floor(sorted.length * 0.95)]!
  line(`vote to the next picture over ${queue} scans, median`, median(waits)!, 'ms', 'aim 100 ms', median(waits)! / 100)
  line(`vote to the next picture over ${queue} scans, p95`, p95, 'ms', 'aim 200 ms', p95 / 200)
}

/** Ten thousand volumes of a few hundred bytes: what counts is how often the main process is asked. */
function manyFiles(folder: string): string {
  for (let n = 0; n < files; n++) {
    const below = join(folder, String(n % 100))
    mkdirSync(below, { recursive: true })
    const bytes = new Uint8Array(Int16Array.from({ length: 128 }, (_, i) => (i === 0 ? n : i)).buffer)
    writeFileSync(join(below, `${n}.nii`), niftiFile({ dims: [8, 8, 2], spacing: [1, 1, 1], type: 4, bits: 16, bytes }))
  }
  return folder
}

async function largeImport(window: Window, folder: string, line: Line): Promise<void> {
  const told = await window.page.evaluate(async (path) => {
    const { concord } = globalThis as unknown as { concord: ConcordApi }
    const get = async <T>(reply: Promise<{ ok: true; value: T } | { ok: false; error: { message: string } }>) => {
      const outcome = await reply
      if (!outcome.ok) throw new Error(outcome.error.message)
      return outcome.value
    }
    const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms))
    const delay = () => get(concord.program.loopDelay({ reset: true }))
    const ended = async (jobId: string): Promise<void> => {
      while ((await get(concord.jobs.list({}))).find((job) => job.id === jobId)?.state === 'running') await sleep(500)
    }
    const request = { title: 'Many', template: 'hrpqct-motion', readersPerScan: 1 } as const
    const { id: studyId } = await get(concord.studies.create(request))
    await delay()
    await sleep(5000)
    const idle = await delay()
    const looked = performance.now()
    const { previewId, jobId } = await get(concord.scans.preview({ studyId, paths: [path] }))
    await ended(jobId)
    const look = { ms: performance.now() - looked, ...(await delay()) }
    const fetched = performance.now()
    const found: { index: number; status: string }[] = []
    for (let total = 1; found.length < total;) {
      const part = await get(concord.scans.previewResult({ previewId, from: found.length }))
      total = part.total
      found.push(...part.found)
    }
    const table = { ms: performance.now() - fetched, ...(await delay()) }
    const taken = performance.now()
    const accept = found.filter((one) => one.status === 'new').map((one) => one.index)
    const options = { purpose: 'unread', defaults: { site: 'tibia', side: 'unknown' }, unnamed: 'each' } as const
    await ended((await get(concord.scans.import({ previewId, accept, ...options }))).jobId)
    return { idle, look, table, taken: { ms: performance.now() - taken, ...(await delay()) }, count: accept.length }
  }, folder)
  const { idle, look, table, taken, count } = told
  line(`looking at ${count} files`, look.ms / 1000, 's', '', null)
  line('main process event loop meanwhile, p99', look.p99, 'ms', 'idle', look.p99 / idle.p99)
  line(`the table of ${count} rows in the page`, table.ms, 'ms', `longest stall ${table.max.toFixed(0)} ms`, null)
  line(`importing ${count} scans`, taken.ms / 1000, 's', '', null)
  line('main process event loop meanwhile, p99', taken.p99, 'ms', 'idle', taken.p99 / idle.p99)
  line('main process event loop meanwhile, longest', taken.max, 'ms', 'idle', taken.max / idle.max)
}
