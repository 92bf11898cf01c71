import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { whyUnwritable } from '../../../src/main/app/writable.ts'
import { openDatabase } from '../../../src/main/store/database.ts'
import { storageError } from '../../../src/main/domain/storage-error.ts'
import { verifyChain } from '../../../src/main/store/verify.ts'
import { openStudy, password, startProgram, type Program } from '../../fixtures/program.ts'

const mount = (...args: string[]): boolean => spawnSync('mount', args, { stdio: 'ignore' }).status === 0

/** Real small disks in memory; only root may mount them. */
const trial = mkdtempSync(join(tmpdir(), 'concord-mount-'))
const mayMount = process.platform === 'linux' && mount('-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', trial)
if (mayMount) spawnSync('umount', [trial])
rmSync(trial, { recursive: true, force: true })
const why = mayMount ? '' : ' (skipped: only root may mount a small disk here)'

describe.skipIf(!mayMount)(`on a disk of its own${why}`, () => {
  let disk: string
  let program: Program | null = null
  beforeEach(() => (disk = mkdtempSync(join(tmpdir(), 'concord-disk-'))))
  afterEach(async () => {
    await program?.close().catch(() => undefined)
    program = null
    spawnSync('umount', ['-l', disk])
    rmSync(disk, { recursive: true, force: true })
  })
  afterAll(() => rmSync(trial, { recursive: true, force: true }))

  const free = (): number => {
    const { bavail, bsize } = statfsSync(disk)
    return bavail * bsize
  }

  interface DeskView {
    current: { assignmentId: string } | null
  }
  const vote = (assignmentId: string, note: string | null) => ({
    ...{ assignmentId, grade: 3, reason: null, shownAt: new Date().toISOString(), worstSlice: null, note },
  })

  it('that fills up while votes are cast: the vote is refused in words, every acknowledged one is there, and it goes on', async () => {
    expect(mount('-t', 'tmpfs', '-o', 'size=10m', 'tmpfs', disk)).toBe(true)
    program = await startProgram(disk)
    const { studyId } = await openStudy(program, 400)
    const ballast = join(disk, 'ballast')
    writeFileSync(ballast, Buffer.alloc(Math.max(0, free() - 300_000)))

    const acknowledged: string[] = []
    let refused: { code: string; message: string } | null = null
    let desk = await program.get<DeskView>('r1', 'reading.desk', { studyId })
    while (desk.current && !refused) {
      const { assignmentId } = desk.current
      const outcome = await program.ask('r1', 'reading.cast', vote(assignmentId, 'x'.repeat(900)))
      if (outcome.ok) {
        acknowledged.push(assignmentId)
        desk = outcome.value as DeskView
      } else refused = outcome.error
    }
    expect(refused).toMatchObject({ code: 'disk-full' })
    expect(refused!.message).toMatch(/disk is full.*not saved.*safe.*Make room/i)
    expect(acknowledged.length).toBeGreaterThan(3)
    // Nothing half: asked again, the same scan is in front, and the same answer comes.
    expect((await program.get<DeskView>('r1', 'reading.desk', { studyId })).current).toEqual(desk.current)
    expect(await program.ask('r1', 'reading.cast', vote(desk.current!.assignmentId, 'x'.repeat(900)))).toMatchObject({
      error: { code: 'disk-full' },
    })
    // A backup does not fit either; it says so and leaves nothing.
    expect(await program.ask('admin', 'backups.make')).toMatchObject({ ok: false, error: { code: 'disk-full' } })
    expect(readdirSync(program.folders.backups)).toEqual([])

    rmSync(ballast)
    const { assignmentId } = desk.current!
    desk = await program.get<DeskView>('r1', 'reading.cast', vote(assignmentId, null))
    acknowledged.push(assignmentId)
    await program.close()
    program = null
    const db = await openDatabase(join(disk, 'concord.db'))
    const votes = await db.selectFrom('vote').select('assignment_id').orderBy('id').execute()
    expect(votes.map((row) => row.assignment_id)).toEqual(acknowledged)
    expect(await verifyChain(db)).toMatchObject({ broken: null, votes: acknowledged.length })
    await db.destroy()
  })

  it('that cannot be written to: the start says so and changes nothing', async () => {
    expect(mount('-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', disk)).toBe(true)
    program = await startProgram(disk)
    await openStudy(program, 2)
    await program.close()
    program = null
    expect(mount('-o', 'remount,ro', disk)).toBe(true)
    await expect(openDatabase(join(disk, 'concord.db'))).rejects.toMatchObject({ code: 'disk-read-only' })
    expect(whyUnwritable(disk)).toMatch(/cannot be written to.*Nothing was changed.*start again/)
    expect(whyUnwritable(join(disk, 'new'))).toMatch(/cannot be written to/)
    expect(mount('-o', 'remount,rw', disk)).toBe(true)
    expect(whyUnwritable(join(disk, 'new'))).toBeNull()
    const db = await openDatabase(join(disk, 'concord.db'))
    expect(await verifyChain(db)).toMatchObject({ broken: null })
    await db.destroy()
  })

  it('that cannot be written to, as the place of backups: the page says why, and votes go on', async () => {
    expect(mount('-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk)).toBe(true)
    program = await startProgram()
    const { studyId } = await openStudy(program, 2)
    const settings = await program.get<Record<string, unknown>>('admin', 'settings.get')
    const wanted = { ...settings, backupFolder: disk }
    await program.get('admin', 'settings.set', wanted)
    expect(mount('-o', 'remount,ro', disk)).toBe(true)
    expect(await program.ask('admin', 'backups.make')).toMatchObject({ error: { code: 'disk-read-only' } })
    expect(await program.get('lead', 'backups.list')).toMatchObject({ trouble: { code: 'disk-read-only' } })
    const desk = await program.get<DeskView>('r1', 'reading.desk', { studyId })
    await program.get('r1', 'reading.cast', vote(desk.current!.assignmentId, null))
    expect(readdirSync(disk)).toEqual([])
    // What is kept can be saved again; chosen anew it is refused.
    await program.get('admin', 'settings.set', { ...wanted, lockAfterMinutes: 5 })
    await program.get('admin', 'settings.set', settings)
    expect(await program.ask('admin', 'settings.set', wanted)).toMatchObject({ error: { code: 'folder-unusable' } })
  })
})

/** A disk of its own with a file system that turns read-only by itself at an error, as Debian sets it up; where root may have one. */
const image = mkdtempSync(join(tmpdir(), 'concord-image-'))
const run = (file: string, ...args: string[]): boolean => spawnSync(file, args, { stdio: 'ignore' }).status === 0
const makeDisk = (file: string): boolean => {
  writeFileSync(file, Buffer.alloc(32 << 20))
  return run('mkfs.ext4', '-q', file)
}
/** Makes the kernel find an error on the disk, with everything on it open: it is read-only from then on. Its path, or null. */
function failing(folder: string): string | null {
  const device = spawnSync('findmnt', ['-n', '-o', 'SOURCE', folder], { encoding: 'utf8' }).stdout?.trim()
  const trigger = join('/sys/fs/ext4', basename(device || '-'), 'trigger_fs_error')
  return existsSync(trigger) ? trigger : null
}
const withErrors = ['-o', 'loop,errors=remount-ro']
const trialDisk = join(image, 'trial')
mkdirSync(trialDisk)
const mayFail =
  process.platform === 'linux' &&
  makeDisk(join(image, 'trial.img')) &&
  mount(...withErrors, join(image, 'trial.img'), trialDisk) &&
  failing(trialDisk) !== null
spawnSync('umount', [trialDisk])
const whyNot = mayFail ? '' : ' (skipped: only root, with a kernel that lets errors be made, may have such a disk here)'

describe.skipIf(!mayFail)(`on a disk that fails in use${whyNot}`, () => {
  const disk = join(image, 'disk')
  let program: Program | null = null
  afterAll(async () => {
    await program?.close().catch(() => undefined)
    spawnSync('umount', ['-l', disk])
    rmSync(image, { recursive: true, force: true })
  })

  it('and turns read-only: votes are refused in words, what is there is still shown, and with the disk back all go on', async () => {
    const file = join(image, 'disk.img')
    mkdirSync(disk)
    expect(makeDisk(file) && mount(...withErrors, file, disk)).toBe(true)
    program = await startProgram(disk)
    const { studyId } = await openStudy(program, 12)
    interface DeskView {
      current: { assignmentId: string } | null
    }
    const cast = (assignmentId: string) =>
      program!.ask('r1', 'reading.cast', {
        ...{ assignmentId, grade: 3, reason: null, shownAt: new Date().toISOString(), worstSlice: null, note: null },
      })
    const acknowledged: string[] = []
    let desk = await program.get<DeskView>('r1', 'reading.desk', { studyId })
    for (let n = 0; n < 4; n++) {
      const { assignmentId } = desk.current!
      const outcome = await cast(assignmentId)
      if (!outcome.ok) throw new Error(outcome.error.message)
      acknowledged.push(assignmentId)
      desk = outcome.value as DeskView
    }
    const signIn = (given: string) => program!.ask('r1', 'accounts.signIn', { name: 'r1', password: given })
    expect(await signIn('not the password')).toMatchObject({ error: { code: 'sign-in-refused' } })
    writeFileSync(failing(disk)!, '1')

    const { assignmentId } = desk.current!
    for (let n = 0; n < 3; n++) {
      const refused = await cast(assignmentId)
      if (refused.ok) throw new Error('A vote was taken that no disk holds.')
      expect(['disk-read-only', 'disk-failing']).toContain(refused.error.code)
      expect(refused.error.message).toMatch(/not saved.*(safe|try again)/is)
    }
    expect((await program.get<DeskView>('r1', 'reading.desk', { studyId })).current).toEqual(desk.current)
    expect(await program.ask('admin', 'backups.make')).toMatchObject({ ok: false })
    // Who has the password comes in, who has none is held up as ever.
    expect(await signIn('not the password')).toMatchObject({ error: { code: 'sign-in-refused' } })
    expect(await signIn(password)).toMatchObject({ ok: true })
    for (let n = 0; n < 5; n++) await signIn('not the password')
    expect(await signIn(password)).toMatchObject({ error: { code: 'sign-in-locked' } })
    await program.close()
    program = null
    expect(run('umount', disk)).toBe(true)
    spawnSync('e2fsck', ['-fy', file], { stdio: 'ignore' })
    expect(mount(...withErrors, file, disk)).toBe(true)

    program = await startProgram(disk)
    await program.get('r1', 'accounts.signIn', { name: 'r1', password })
    desk = await program.get<DeskView>('r1', 'reading.desk', { studyId })
    expect(desk.current!.assignmentId).toBe(assignmentId)
    expect(await cast(assignmentId)).toMatchObject({ ok: true })
    acknowledged.push(assignmentId)
    const votes = await program.db.selectFrom('vote').select('assignment_id').orderBy('id').execute()
    expect(votes.map((row) => row.assignment_id)).toEqual(acknowledged)
    expect(await verifyChain(program.db)).toMatchObject({ broken: null, votes: acknowledged.length })
  })
})

describe('what a disk says', () => {
  it.each([
    ['SQLITE_FULL', 'disk-full'],
    ['ENOSPC', 'disk-full'],
    ['SQLITE_READONLY', 'disk-read-only'],
    ['SQLITE_READONLY_DIRECTORY', 'disk-read-only'],
    ['EROFS', 'disk-read-only'],
    ['SQLITE_IOERR_WRITE', 'disk-failing'],
    ['SQLITE_CANTOPEN', 'disk-failing'],
    ['SQLITE_CORRUPT', 'database-damaged'],
    ['SQLITE_NOTADB', 'database-damaged'],
    ['SQLITE_BUSY_SNAPSHOT', 'database-busy'],
  ])('as %s is told as %s', (code, told) => {
    expect(storageError(Object.assign(new Error('low level words'), { code }))).toMatchObject({ code: told })
  })

  it('is no excuse for other errors', () => {
    expect(storageError(Object.assign(new Error(''), { code: 'SQLITE_CONSTRAINT_UNIQUE' }))).toBeNull()
    expect(storageError(Object.assign(new Error(''), { code: 'ENOENT' }))).toBeNull()
    expect(storageError(new Error('x'))).toBeNull()
    expect(storageError(null)).toBeNull()
  })
})
