// A main process of the real Electron with a window, a database being written and TensorFlow in worker threads; prints one
// line of JSON with what it saw and exits with 0. Run by electron.test.ts.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import Database from 'better-sqlite3'
import { app, BrowserWindow } from 'electron'
import { tensorflowThread } from './thread.ts'

const batch = Number(process.env.TRIAL_BATCH ?? 16)
const folder = mkdtempSync(join(tmpdir(), 'concord-native-'))
app.setPath('userData', join(folder, 'profile'))

async function trial() {
  const seen = { electron: process.versions.electron, asNode: process.env.ELECTRON_RUN_AS_NODE ?? null }
  const window = new BrowserWindow({ width: 400, height: 300 })
  await window.loadURL('data:text/html,<title>trial</title><p>TensorFlow is at work.')
  const database = new Database(join(folder, 'trial.sqlite'))
  database.pragma('journal_mode = WAL')
  database.exec('CREATE TABLE vote (id INTEGER PRIMARY KEY, grade INTEGER NOT NULL)')
  const insert = database.prepare('INSERT INTO vote (grade) VALUES (?)')
  let written = 0
  const writing = setInterval(() => insert.run(1 + (written++ % 5)), 20)
  const delay = monitorEventLoopDelay({ resolution: 5 })
  seen.residentBefore = process.memoryUsage.rss()

  const first = tensorflowThread()
  seen.large = []
  for (const size of [1, 2]) seen.large.push((await first.ask('large', { size })).mean)
  const { cap } = await first.ask('statistics')
  await first.ask('cap', { size: 2 ** 30 })
  seen.refusal = await first.ask('large', { size: 2 }).catch((error) => error.message)
  await first.ask('cap', { size: cap })
  delay.enable()
  seen.losses = (await first.ask('train', { size: batch, steps: 3 })).losses
  delay.disable()
  seen.residentTraining = process.memoryUsage.rss()
  await first.trainUntil(1, batch)
  await first.end()
  seen.residentAfter = process.memoryUsage.rss()

  const second = tensorflowThread()
  seen.statistics = await second.ask('statistics')
  seen.lossesOfSecond = (await second.ask('train', { size: 2, steps: 2 })).losses
  await second.end()

  clearInterval(writing)
  seen.written = written
  seen.stored = database.prepare('SELECT count(*) AS n FROM vote').get().n
  database.close()
  seen.title = window.getTitle()
  seen.eventLoopMs = { p99: delay.percentile(99) / 1e6, max: delay.max / 1e6 }
  return seen
}

app.whenReady().then(async () => {
  try {
    process.stdout.write(`${JSON.stringify(await trial())}\n`)
    app.exit(0)
  } catch (error) {
    process.stderr.write(`${error.stack}\n`)
    app.exit(1)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
