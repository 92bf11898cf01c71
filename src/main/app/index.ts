import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BrowserWindow } from 'electron'
import { app, dialog, powerMonitor, protocol } from 'electron'
import { eventChannel } from '../../preload/contract/index.ts'
import { ConcordError, messageOf } from '../domain/error.ts'
import { storageError } from '../domain/storage-error.ts'
import { createUtilityHost } from '../imaging/utility-host.ts'
import { createDesks } from '../ipc/desks.ts'
import { listen } from '../ipc/electron.ts'
import { createHandlers } from '../ipc/handlers/index.ts'
import type { WindowSide } from '../ipc/window-side.ts'
import { createDispatch } from '../ipc/router.ts'
import { LearnerHost } from '../learning/host.ts'
import { createSecrets } from '../services/places/secrets.ts'
import { placeFor, readPlaceSetting, wantedAddress } from '../services/places/setting.ts'
import { createStatistics } from '../statistics/host.ts'
import { finishRestore } from '../store/backup.ts'
import { openPlace } from '../store/place.ts'
import { composeServices } from './compose.ts'
import { compilerFlags } from './compiler.ts'
import { systemKeychain } from './keychain.ts'
import { createLog } from './log.ts'
import { pageOrigin, servePage } from './page-protocol.ts'
import { dataFolders, dataRoot, type DataFolders } from './paths.ts'
import { shutDebugging } from './page-preferences.ts'
import { damagedProgram, waitingProgram, type Program } from './program.ts'
import { serveScans } from './scan-protocol.ts'
import { secondWindow } from './second-window.ts'
import { lockDown } from './security.ts'
import { createWindowSide } from './window-side.ts'
import { openWindow } from './window.ts'
import { whyUnwritable } from './writable.ts'

/** dist/, where main, preload and renderer lie side by side. */
const product = resolve(dirname(fileURLToPath(import.meta.url)), '..')

const privileges = { standard: true, secure: true, supportFetchAPI: true, stream: true, corsEnabled: true }
protocol.registerSchemesAsPrivileged([
  { scheme: 'app', privileges },
  { scheme: 'scan', privileges },
])
shutDebugging(app.commandLine, { installed: app.isPackaged, resources: process.resourcesPath })
// The pages too.
app.commandLine.appendSwitch('js-flags', compilerFlags)
app.setName('Concord')
app.setPath('userData', join(dataRoot(), 'window'))

const unwritable = whyUnwritable(dataRoot())
if (unwritable !== null) void app.whenReady().then(() => endWith(unwritable))
else if (app.requestSingleInstanceLock()) void start()
else app.quit()

async function start(): Promise<void> {
  let folders: DataFolders
  try {
    folders = dataFolders(dataRoot(), readPlaceSetting(dataRoot()).files)
  } catch (error) {
    await app.whenReady()
    return endWith(messageOf(error))
  }
  const log = createLog(folders.log, [folders.root])
  process.on('uncaughtException', (error) => log(`uncaught: ${error.stack ?? error.message}`))
  process.on('unhandledRejection', (error) => log(`unhandled: ${messageOf(error)}`))
  const desks = createDesks((accountId) => program.services?.keyRing.drop(accountId))
  let window: BrowserWindow | null = null
  let second: WindowSide['secondWindow'] | null = null
  let program: Program

  const keychain = systemKeychain()
  const windowSide = createWindowSide(
    folders,
    () => window!,
    () => second!,
  )

  /** The program on its database; while that cannot be used, what helps to put it right, or says what to do. */
  async function openProgram(): Promise<Program> {
    finishRestore(folders.database)
    try {
      return await soundProgram()
    } catch (error) {
      const why = error instanceof ConcordError ? error : storageError(error)
      const damaged = why?.code === 'database-damaged' ? await damagedProgramOf(why, true) : null
      if (why && !damaged) return waitingFor(why)
      if (!damaged) throw error
      log(`start: ${why!.code}`)
      return damaged
    }
  }

  const endWithReason = (error: unknown): void => {
    log(`start: ${messageOf(error)}`)
    endWith(messageOf(error))
  }

  let waitsFor = ''
  /** The window says why the data cannot be used, until it can. */
  function waitingFor(why: ConcordError): Program {
    if (why.code !== waitsFor) log(`start: ${why.code}`)
    waitsFor = why.code
    const waiting = waitingProgram(why, log)
    const again = setTimeout(() => {
      if (program !== waiting) return
      void openProgram().then((next) => {
        if (program !== waiting) return void next.close()
        program = next
        if (next.services) window?.webContents.reload()
      }, endWithReason)
    }, 3000)
    again.unref()
    return waiting
  }

  const damagedProgramOf = (why: ConcordError, alone = false): Promise<Program | null> =>
    damagedProgram(why, folders, {
      ...{ log, alone },
      restored: () => {
        openAnew(() => undefined).catch((error: unknown) => {
          log(`restore: ${messageOf(error)}`)
          endWith(messageOf(error))
        })
      },
    })

  /** The keychain is there once Electron is ready. Error: `keychain-asking`; the window says so and tries again. */
  async function passwordOfServer(): Promise<string | null> {
    await app.whenReady()
    return createSecrets(folders.secret, keychain).read()
  }

  async function soundProgram(): Promise<Program> {
    const password = wantedAddress(folders.root) ? await passwordOfServer() : null
    const place = placeFor(folders, password)
    const { db, link, close } = await openPlace(place)
    const services = composeServices({
      ...{ db, place, link },
      folders,
      decoder: createUtilityHost(),
      learner: new LearnerHost(),
      statistics: createStatistics(place),
      version: app.getVersion(),
      keychain,
      tell: {
        job: (job) => desks.tell('job', job),
        run: (run) => desks.tell('run', run, (session) => session.roles.some((r) => r === 'trainer' || r === 'lead')),
        studyChanged: (studyId, blinded) =>
          desks.tell('study-changed', { studyId }, (session) => !blinded.has(session.accountId)),
        sessionsEnd: (accountId) => desks.endSessionsOf(accountId),
        server: (reachable) => desks.tellAll('server', { reachable }),
      },
      replace: openAnew,
    })
    await services.recover()
    let told = false
    const onDamage = (why: ConcordError): void => {
      if (told) return
      told = true
      log(why.code)
      void damagedProgramOf(why).then(async (damaged) => {
        if (!damaged) return
        await program.close().catch(() => undefined)
        program = damaged
        window?.webContents.reload()
      })
    }
    return {
      dispatch: createDispatch(createHandlers(services, windowSide), log, onDamage),
      services,
      close: async () => {
        await services.close()
        await close()
      },
    }
  }

  /** Closes the database, exchanges its file, opens it again and shows the sign-in page. */
  async function openAnew(swap: () => void): Promise<void> {
    desks.endAll()
    await program.close()
    swap()
    program = await openProgram()
    window?.webContents.reload()
  }

  try {
    // The database opens while Electron is still getting ready.
    ;[program] = await Promise.all([openProgram(), app.whenReady()])
    lockDown()
    servePage(join(product, 'renderer'))
    serveScans(
      () => (window ? desks.sessionAt(window.webContents.id) : null),
      (caller, scanId) => {
        if (!program.services) throw new ConcordError('scan-unknown', 'There is no such scan.')
        return program.services.scans.volumeFor(caller, scanId)
      },
    )
    listen((...request) => program.dispatch(...request), desks, pageOrigin)

    window = openWindow(product, join(folders.root, 'window-place.json'), log)
    const { webContents } = window
    desks.open(webContents.id, { send: (name, payload) => webContents.send(eventChannel, name, payload) })
    const secondFile = join(folders.root, 'second-window-place.json')
    second = secondWindow({ folder: product, file: secondFile, desks, first: window, log })
    window.on('closed', () => app.quit())
    app.on('second-instance', () => {
      // Restoring one that is not minimised would take a window out of full size.
      if (window?.isMinimized()) window.restore()
      window?.show()
      window?.focus()
    })
    // Whoever locks the computer or closes its lid has left the scan.
    powerMonitor.on('lock-screen', () => desks.lockAll())
    powerMonitor.on('suspend', () => desks.lockAll())
    closeInOrder(() => program.close(), log)
  } catch (error) {
    log(`start: ${messageOf(error)}`)
    await app.whenReady()
    endWith(messageOf(error))
  }
}

function endWith(why: string): void {
  dialog.showErrorBox('Concord cannot start', why)
  app.exit(1)
}

/** Work stops and the database closes before the process ends; after five seconds it ends regardless: votes are on the disk. */
function closeInOrder(close: () => Promise<void>, log: (line: string) => void): void {
  let closing = false
  app.on('window-all-closed', () => app.quit())
  app.on('will-quit', (event) => {
    if (closing) return
    closing = true
    event.preventDefault()
    setTimeout(() => app.exit(0), 5000).unref()
    close()
      .catch((error: unknown) => log(`closing: ${messageOf(error)}`))
      .finally(() => app.exit(0))
  })
}
