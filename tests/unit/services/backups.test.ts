import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Backup, BackupList } from '../../../src/preload/contract/backups.ts'
import { createBackupFolder } from '../../../src/main/services/backups/folder.ts'
import { createRecovery } from '../../../src/main/services/backups/recovery.ts'
import { finishRestore } from '../../../src/main/store/backup.ts'
import { openDatabase } from '../../../src/main/store/database.ts'
import { contentColumns } from '../../../src/main/store/sealed/votes.ts'
import { verifyChain } from '../../../src/main/store/verify.ts'
import { openStudy, password, readAll, startProgram, type Program } from '../../fixtures/program.ts'

let root: string
let program: Program
const open: Program[] = []
const start = async (): Promise<Program> => {
  const started = await startProgram(root)
  open.push(started)
  return started
}
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'concord-backups-'))
  program = await start()
})
afterEach(async () => {
  for (const one of open.splice(0)) await one.close().catch(() => undefined)
  rmSync(root, { recursive: true, force: true })
})

const folder = (): string => program.folders.backups
const list = (): Promise<BackupList> => program.get('admin', 'backups.list')
const voteCount = async (of: Program): Promise<number> => (await of.db.selectFrom('vote').select('id').execute()).length

describe('the folder that was named for backups', () => {
  it('has to be there; once its disk is taken out it is not made anew on this one, and the page says what to do', async () => {
    await program.person('admin')
    const settings = await program.get<Record<string, unknown>>('admin', 'settings.get')
    const set = (backupFolder: string) => program.ask('admin', 'settings.set', { ...settings, backupFolder })
    for (const none of ['backups', 'E:\\backups', join(root, 'none'), join(root, 'concord.db')])
      expect(await set(none)).toMatchObject({ error: { code: 'folder-unusable', field: 'backupFolder' } })
    const stick = join(root, 'stick')
    mkdirSync(stick)
    await set(stick)
    await program.get('admin', 'backups.make')
    expect(await list()).toMatchObject({ trouble: null, backups: [{ check: { state: 'good' } }] })

    const out = join(root, 'out')
    renameSync(stick, out)
    expect(await program.ask('admin', 'backups.make')).toMatchObject({ error: { code: 'backup-folder-gone' } })
    expect(await list()).toMatchObject({ trouble: { code: 'backup-folder-gone' }, backups: [] })
    await program.services.backups.lookWhetherDue()
    expect(existsSync(stick)).toBe(false)
    renameSync(out, stick)
    await program.get('admin', 'backups.make')
    expect((await list()).backups).toHaveLength(2)
  })

  it('takes a backup from elsewhere; of what is none, or cannot be read, nothing stays', async () => {
    const admin = await program.person('admin')
    const bring = (path: string) => program.services.backups.bring(admin, () => Promise.resolve(path))
    const { name } = await program.get<Backup>('admin', 'backups.make')
    const elsewhere = join(root, 'concord-20260102T030405Z.db')
    copyFileSync(join(folder(), name), elsewhere)
    expect(await bring(elsewhere)).toMatchObject({ at: '2026-01-02T03:04:05.000Z', check: { state: 'good' } })
    const before = readdirSync(folder())
    writeFileSync(join(root, 'letter.db'), 'Dear colleague, '.repeat(400))
    new Sqlite(join(root, 'other.db')).exec('create table letter (text)').close()
    for (const none of ['letter.db', 'other.db'])
      await expect(bring(join(root, none))).rejects.toMatchObject({ code: 'backup-unusable' })
    await expect(bring(join(root, 'none.db'))).rejects.toMatchObject({ code: 'no-file' })
    expect(readdirSync(folder())).toEqual(before)
  })
})

describe('a backup', () => {
  it('is one whole state, read back, while votes go on', async () => {
    const { studyId } = await openStudy(program, 60)
    const casting = readAll(program, 'r1', studyId, () => 3)
    const made: Backup[] = []
    for (let n = 0; n < 3; n++) made.push(await program.get<Backup>('admin', 'backups.make'))
    await casting
    expect(made.map((backup) => backup.check?.state)).toEqual(['good', 'good', 'good'])
    const counts = made.map((backup) => backup.check!.votes!)
    expect([...counts].sort((a, b) => a - b)).toEqual(counts)
    for (const { name, check } of made) {
      const plain = new Sqlite(join(folder(), name), { readonly: true })
      expect(plain.pragma('journal_mode', { simple: true })).toBe('delete')
      expect(plain.prepare('select count(*) from vote').pluck().get()).toBe(check!.votes)
      plain.close()
    }
    expect(await voteCount(program)).toBe(60)
    expect(readdirSync(folder()).filter((name) => name.includes('.part'))).toEqual([])
  })

  it('is made by itself when there is something new, and old ones go', async () => {
    const { studyId } = await openStudy(program, 4)
    const { backups } = program.services
    const began = Date.now()
    await backups.lookWhetherDue()
    await backups.lookWhetherDue()
    expect((await list()).backups).toHaveLength(1)
    const { backups: made, next } = await list()
    expect(made[0]).toMatchObject({ manual: false, check: { state: 'good' } })
    expect(Date.parse(made[0]!.check!.at)).toBeGreaterThanOrEqual(began)
    expect(Date.parse(made[0]!.check!.at)).toBeLessThanOrEqual(Date.now())
    expect(Date.parse(next!) - Date.parse(made[0]!.at)).toBe(4 * 3_600_000)

    // Twenty older ones, of five days; one of each day stays, and the newest three.
    const place = createBackupFolder(folder())
    const [first] = place.list()
    for (let n = 0; n < 20; n++) {
      const day = String(1 + (n % 5)).padStart(2, '0')
      const name = `concord-202601${day}T${String(n).padStart(2, '0')}0000Z.db`
      copyFileSync(place.path(first!.name), place.path(name))
    }
    copyFileSync(place.path(first!.name), place.path('concord-20200101T000000Z-manual.db'))
    place.rotate(3)
    const left = place.list().map(({ name }) => name)
    expect(left.filter((name) => name.startsWith('concord-202601')).length).toBe(6)
    expect(left).toContain('concord-20200101T000000Z-manual.db')
    expect(left[0]).toBe(first!.name)

    // Four hours later, and something was done.
    const old = place.list()[0]!.name
    const earlier = 'concord-20260901T000000Z'
    copyFileSync(place.path(old), place.path(`${earlier}.db`))
    copyFileSync(place.path(old.replace('.db', '.json')), place.path(`${earlier}.json`))
    rmSync(place.path(old))
    await readAll(program, 'r1', studyId, () => 2)
    await backups.lookWhetherDue()
    // Names say the second.
    expect(Date.parse(place.list()[0]!.at)).toBeGreaterThanOrEqual(began - 1000)
  })

  it('can be put back: what came since is counted before and kept aside after', async () => {
    const { studyId } = await openStudy(program, 5)
    await readAll(program, 'r1', studyId, () => 3)
    const { name, at: made } = await program.get<Backup>('admin', 'backups.make')
    await readAll(program, 'r2', studyId, () => 4)
    expect(await program.get('admin', 'backups.inspect', { name })).toMatchObject({
      backup: { check: { state: 'good', votes: 5 } },
      votesSince: 5,
    })
    expect(await program.ask('lead', 'backups.restore', { name })).toMatchObject({ error: { code: 'not-allowed' } })
    await program.get('admin', 'backups.restore', { name })

    program = await start()
    expect(await voteCount(program)).toBe(5)
    const last = await program.db.selectFrom('audit').selectAll().orderBy('sequence', 'desc').executeTakeFirstOrThrow()
    expect(last.act).toBe('database.restored')
    expect(last.subject).toMatch(new RegExp(`^\\d+:[0-9a-f]{64} ${name}$`))
    // Said before sign-in, with the time that the list of backups shows.
    const { at, from } = await program.get<{ at: string; from: string }>('nobody', 'backups.restored')
    expect(from).toBe(made)
    expect(at).toBe(last.at)
    expect(await program.services.audit.check()).toMatchObject({ broken: null, votes: 5 })
    const kept = readdirSync(root).find((file) => /^concord\.db\.replaced-[^.]*Z$/.test(file))!
    const replaced = await openDatabase(join(root, kept))
    expect((await replaced.selectFrom('vote').select('id').execute()).length).toBe(10)
    expect((await verifyChain(replaced)).broken).toBeNull()
    await replaced.destroy()
    expect(readdirSync(root).some((file) => file.startsWith('concord.anchors.replaced-'))).toBe(true)
    // Work goes on from there.
    await program.get('r2', 'accounts.signIn', { name: 'r2', password: 'correct horse battery' })
    await readAll(program, 'r2', studyId, () => 1)
    expect(await voteCount(program)).toBe(10)
  })

  it('of a study with encrypted votes opens by the passwords of its time, and by the printed key', async () => {
    const { studyId, lead } = await openStudy(program, 3)
    await readAll(program, 'r1', studyId, () => 3)
    const { code } = await program.get<{ code: string }>('lead', 'keys.recovery', { studyId })
    const { name } = await program.get<Backup>('admin', 'backups.make')
    await readAll(program, 'r2', studyId, () => 5)
    // The lead's pair of today is not in the backup; the one of then is, under the password of then.
    const reset = async () => {
      const { accountId } = lead
      const { password: once } = await program.get<{ password: string }>('admin', 'accounts.resetPassword', {
        accountId,
      })
      await program.get('lead', 'accounts.signIn', { name: 'lead', password: once })
      await program.get('lead', 'accounts.changePassword', { current: once, next: 'another horse battery' })
    }
    await reset()
    await program.get('admin', 'backups.restore', { name })

    program = await start()
    const signIn = (who: string) => program.get(who, 'accounts.signIn', { name: who, password })
    const grades = async () => {
      const reader = await program.services.sealing.forFigures(program.db, lead, studyId)
      const rows = await program.db.selectFrom('vote').select(contentColumns).execute()
      return rows.map((row) => reader.read(row)?.grade)
    }
    const overview = () => program.ask('lead', 'analysis.overview', { studyId })
    expect(await program.db.selectFrom('vote').select('grade').where('grade', 'is not', null).execute()).toEqual([])
    await expect(grades()).rejects.toMatchObject({ code: 'study-locked' })
    await signIn('lead')
    expect(await overview()).toMatchObject({ ok: true })
    expect(await grades()).toEqual([3, 3, 3])
    // Readers go on with the keys they had.
    await signIn('r2')
    await readAll(program, 'r2', studyId, () => 4)
    expect(await grades()).toEqual([3, 3, 3, 4, 4, 4])
    await signIn('admin')
    await reset()
    expect(await overview()).toMatchObject({ error: { code: 'study-locked' } })
    expect(await program.ask('lead', 'keys.unlock', { studyId, code })).toMatchObject({ ok: true })
    expect(await grades()).toEqual([3, 3, 3, 4, 4, 4])
    expect(await program.services.audit.check()).toMatchObject({ broken: null, votes: 6 })
  })

  const spoil: [string, RegExp, (file: string) => void][] = [
    ['damaged in the middle', /cannot be restored/, (file) => overwrite(file, 0.5)],
    ['cut off', /cannot be restored/, (file) => writeFileSync(file, readFileSync(file).subarray(0, 20_000))],
    ['of another program', /no database of Concord/, (file) => foreign(file)],
    ['written by a newer version', /newer version/, (file) => edit(file, 'pragma user_version = 999')],
    [
      'changed by another program',
      /the vote was altered/,
      (file) => edit(file, 'drop trigger vote_no_update; update vote set cast_at = shown_at'),
    ],
    [
      'shortened by another program',
      /differs|removed|missing|without an entry/,
      (file) =>
        edit(
          file,
          'drop trigger audit_no_delete; delete from audit where sequence = (select max(sequence) from audit)',
        ),
    ],
  ]
  it.each(spoil)('%s is refused, and the database stays as it is', async (_what, why, change) => {
    const { studyId } = await openStudy(program, 3)
    await readAll(program, 'r1', studyId, () => 3)
    const { name } = await program.get<Backup>('admin', 'backups.make')
    change(join(folder(), name))
    const refused = await program.ask('admin', 'backups.restore', { name })
    expect(refused).toMatchObject({ ok: false, error: { code: 'backup-not-good' } })
    expect(refused.ok ? '' : refused.error.message).toMatch(why)
    expect(await voteCount(program)).toBe(3)
    expect(readdirSync(root).filter((file) => /restoring|ready|replaced/.test(file))).toEqual([])
    expect(program.log).toEqual([])
  })

  it('interrupted between the two renames is put in place at the next start', async () => {
    await openStudy(program, 2)
    const { name } = await program.get<Backup>('admin', 'backups.make')
    await program.close()
    const { database } = program.folders
    copyFileSync(join(folder(), name), `${database}.ready`)
    finishRestore(database)
    expect(existsSync(`${database}.ready`)).toBe(false)
    copyFileSync(join(folder(), name), `${database}.ready`)
    for (const end of ['', '-wal', '-shm']) rmSync(`${database}${end}`, { force: true })
    finishRestore(database)
    const db = await openDatabase(database)
    expect((await db.selectFrom('study').select('id').execute()).length).toBe(1)
    await db.destroy()
  })

  it('interrupted before the database itself was put aside leaves it with its log, and the votes that only this holds', async () => {
    const { studyId } = await openStudy(program, 2)
    const { name } = await program.get<Backup>('admin', 'backups.make')
    await readAll(program, 'r1', studyId, () => 3)
    const { database } = program.folders
    for (const end of ['', '-wal']) copyFileSync(`${database}${end}`, `${database}${end}.kept`)
    await program.close()
    for (const end of ['', '-wal']) renameSync(`${database}${end}.kept`, `${database}${end}`)
    renameSync(`${database}-wal`, `${database}.replaced-20261121T101500123Z-wal`)
    copyFileSync(join(folder(), name), `${database}.ready`)
    finishRestore(database)
    expect(existsSync(`${database}.ready`)).toBe(false)
    program = await start()
    expect(await voteCount(program)).toBe(2)
    expect((await program.services.audit.check()).broken).toBeNull()
  })

  it('does not take what an attempt left that was killed', async () => {
    const { studyId } = await openStudy(program, 2)
    const { name } = await program.get<Backup>('admin', 'backups.make')
    await readAll(program, 'r1', studyId, () => 3)
    const { database } = program.folders
    // Of another backup, with entries that were never in this one.
    for (const end of ['', '-wal']) copyFileSync(`${database}${end}`, `${database}.restoring${end}`)
    await program.get('admin', 'backups.restore', { name })
    program = await start()
    expect(await voteCount(program)).toBe(0)
    expect((await program.services.audit.check()).broken).toBeNull()
    expect(readdirSync(root).filter((file) => file.includes('restoring'))).toEqual([])
  })
})

describe('a damaged database', () => {
  it('is recognised, and the newest backup that is good takes its place', async () => {
    const { studyId } = await openStudy(program, 4)
    await readAll(program, 'r1', studyId, () => 3)
    const { name: good } = await program.get<Backup>('admin', 'backups.make')
    await new Promise((later) => setTimeout(later, 1100))
    const { name: bad } = await program.get<Backup>('admin', 'backups.make')
    await program.close()
    const { folders } = program
    overwrite(join(folders.backups, bad), 0.5)
    overwrite(folders.database, 0)
    await expect(openDatabase(folders.database)).rejects.toMatchObject({ code: 'database-damaged' })

    const recovery = createRecovery(folders)
    expect(await recovery.lastGood()).toMatchObject({ name: good, check: { votes: 4 } })
    await expect(recovery.restore(bad)).rejects.toMatchObject({ code: 'backup-not-good' })
    await expect(recovery.restore('concord-20200101T000000Z.db')).rejects.toMatchObject({ code: 'backup-unknown' })
    await recovery.restore(good)
    program = await start()
    expect(await voteCount(program)).toBe(4)
    expect(await program.services.audit.check()).toMatchObject({ broken: null })
    expect(await program.ask('nobody', 'recovery.state')).toEqual({ ok: true, value: null })
    expect(await program.ask('nobody', 'recovery.restore', { name: good })).toMatchObject({
      error: { code: 'not-damaged' },
    })
  })
})

/** Writes nonsense over some pages, from a part of the file on. */
function overwrite(file: string, from: number): void {
  const bytes = readFileSync(file)
  const start = from === 0 ? 0 : Math.floor((bytes.length * from) / 4096) * 4096
  bytes.fill(0x5a, start, start + 3 * 4096)
  writeFileSync(file, bytes)
}

function edit(file: string, sql: string): void {
  const db = new Sqlite(file)
  db.exec(sql)
  db.close()
}

function foreign(file: string): void {
  rmSync(file)
  edit(file, 'create table invoice (id integer primary key)')
}
