import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { dataFolders } from '../../../src/main/app/paths.ts'
import { databaseCommand } from '../../../src/main/cli/database.ts'
import { placeFor } from '../../../src/main/services/places/setting.ts'
import { finishRestore } from '../../../src/main/store/backup.ts'
import { addressText } from '../../../src/main/store/server/address.ts'
import { newDatabase, serverPlace } from '../../fixtures/place.ts'
import { openStudy, password, readAll, startProgram, type Program } from '../../fixtures/program.ts'
import { votesSaid } from '../../fixtures/votes.ts'
import { gradeOf, isDone, type Deed, type Known } from '../deed.ts'

const votes = 20

/** The file's studies move to a department's server, by the command; after the kill the same command is given again. */
export const moving: Deed = {
  once: true,
  acts: Infinity,
  async prepare(root) {
    const data = join(root, 'data')
    const program = await startProgram(data, { file: dataFolders(data).database })
    const { studyId } = await openStudy(program, votes)
    await readAll(program, 'r1', studyId, gradeOf)
    await program.close()
    return { data, database: '' }
  },
  async before(known) {
    known['database'] = await newDatabase({ empty: true })
  },
  async start(data, { database }) {
    finishRestore(join(data, 'concord.db'))
    given(String(database))
    return startProgram(data, placeFor(dataFolders(data)))
  },
  async work(program, known, say) {
    // The program itself is closed for this.
    await program.close()
    say('asked', 'move', 1)
    await move(known)
    say('done', 'move', 1)
  },
  async look(program, known, said) {
    const problems: string[] = []
    const data = String(known['data'])
    const count = async (of: Program): Promise<number> => (await votesSaid(of)).length
    if ((await count(program)) !== votes) problems.push(`${await count(program)} of ${votes} votes`)
    const moved = 'server' in program.place
    if (isDone(said, 'move') && !moved) problems.push('it was acknowledged, and the file is used')
    if (isDone(said, 'move') && existsSync(join(data, 'concord.db'))) problems.push('the file was not put aside')
    if (moved && !existsSync(join(data, 'concord.db'))) return problems
    await program.close()
    await move(known)
    const again = await startProgram(data, placeFor(dataFolders(data)))
    try {
      if ((await count(again)) !== votes) problems.push('not all votes are there after moving again')
      const { broken } = await again.services.audit.check()
      if (broken) problems.push(`the chain after moving again: ${broken.why}`)
      if (existsSync(join(data, 'concord.db'))) problems.push('the file is still under its name')
    } finally {
      await again.close()
    }
    return problems
  },
}

/** The password of the server and the administrator's, where the command looks for them. */
function given(database: string) {
  const { server } = serverPlace(database)
  process.env.PGPASSWORD = server.password!
  process.env.CONCORD_PASSWORD = password
  return addressText(server.address)
}

const move = ({ data, database }: Known): Promise<number> =>
  databaseCommand(['move', given(String(database)), '--as', 'admin', '--data', String(data)], {
    out: () => undefined,
    err: () => undefined,
  })
