import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { databaseCommand } from '../../../src/main/cli/database.ts'
import { dataFolders } from '../../../src/main/app/paths.ts'
import { placeFor } from '../../../src/main/services/places/setting.ts'
import { addressText } from '../../../src/main/store/server/address.ts'
import { verifyChain } from '../../../src/main/store/verify.ts'
import { newDatabase, serverPlace } from '../../fixtures/place.ts'
import { openStudy, password, readAll, startProgram } from '../../fixtures/program.ts'

it('moves a study from a file to the server, every row the same and the chain whole', async () => {
  const root = mkdtempSync(join(tmpdir(), 'concord-move-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const folders = dataFolders(root)
  const program = await startProgram(root, { file: folders.database })
  const study = await openStudy(program, 8)
  await readAll(program, 'r1', study.studyId, () => 2)
  await readAll(program, 'r2', study.studyId, () => 4)
  const there = serverPlace(await newDatabase({ empty: true }))
  const address = addressText(there.server.address)
  const lines: string[] = []
  const run = (...args: string[]) =>
    databaseCommand([...args, '--data', root], { out: (line) => lines.push(line), err: () => undefined })
  process.env.CONCORD_PASSWORD = password
  process.env.PGPASSWORD = there.server.password!
  onTestFinished(() => {
    delete process.env.CONCORD_PASSWORD
    delete process.env.PGPASSWORD
  })

  await expect(run('move', address, '--as', 'lead')).rejects.toMatchObject({ code: 'not-allowed' })
  // The program is open on the file: a vote cast there meanwhile would be lost.
  await expect(run('move', address, '--as', 'admin')).rejects.toMatchObject({ code: 'database-in-use' })
  const before = await verifyChain(program.db)
  await program.close()

  await run('move', address, '--as', 'admin')
  const moved = JSON.parse(lines.at(-1)!) as { rows: number; kept: string; from: string }
  expect(moved.rows).toBeGreaterThan(8 * 3)
  expect(existsSync(folders.database)).toBe(false)
  expect(existsSync(moved.kept)).toBe(true)
  expect(readdirSync(root).filter((name) => name.endsWith('-wal'))).toEqual([])

  const place = placeFor(folders)
  expect(place).toMatchObject({ server: { address: there.server.address } })
  const again = await startProgram(root, there)
  onTestFinished(() => again.close().catch(() => undefined))
  const after = await verifyChain(again.db, [before.head])
  expect(after).toMatchObject({ broken: null, votes: before.votes })
  await again.get('r3', 'accounts.signIn', { name: 'r3', password })
  await readAll(again, 'r3', study.studyId, () => 3)
  expect(await verifyChain(again.db)).toMatchObject({ broken: null, votes: 24 })
  await expect(run('move', address, '--as', 'admin')).rejects.toMatchObject({ code: 'move-no-file' })
  await again.close()

  const backAtTheFile = async (): Promise<void> => {
    renameSync(kept, folders.database)
    rmSync(folders.anchors, { force: true })
    await run('use', '--here')
  }
  // Cut off before the file was put aside, or before the setting was written: the same command finishes it.
  const said = () => JSON.parse(lines.at(-1)!) as { rows: number; kept: string; from: string }
  renameSync(moved.kept, folders.database)
  await run('move', address, '--as', 'admin')
  expect(said()).toMatchObject({ rows: 0, from: moved.from })
  let { kept } = said()
  await backAtTheFile()
  await run('move', address, '--as', 'admin')
  expect(said()).toMatchObject({ rows: 0, from: moved.from })
  kept = said().kept
  expect(existsSync(folders.database)).toBe(false)
  expect(placeFor(folders)).toMatchObject({ server: { address: there.server.address } })
  expect(existsSync(folders.anchors)).toBe(false)
  // Not where somebody went on with the file.
  await backAtTheFile()
  const here = await startProgram(root, { file: folders.database })
  await here.get('r3', 'accounts.signIn', { name: 'r3', password })
  await readAll(here, 'r3', study.studyId, () => 5)
  await here.close()
  await expect(run('move', address, '--as', 'admin')).rejects.toMatchObject({ code: 'database-moved-before' })
  expect(existsSync(folders.database)).toBe(true)
})
