import { readFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Session } from '../../../../src/preload/contract/accounts.ts'
import type { Model, Prediction } from '../../../../src/preload/contract/models.ts'
import { createStudyWith, startProgram, type Program } from '../../../fixtures/program.ts'
import { everybodyReads, scanFolders, startTrained, type Trained } from '../../../fixtures/trained.ts'

let at: Trained
let both: Model
let saved: string
/** Another workstation, with the same scans in a study of its own. */
let there: Program
let theo: Session
let studyId: string
const take = (path: string) => there.services.models.importFile(theo, { studyId, path })

beforeAll(async () => {
  at = await startTrained()
  both = await at.combine('Both', [at.first.id, at.second.id], 'majority')
  saved = (await at.program.get<{ path: string }>('theo', 'models.export', { modelId: both.id, format: 'concord' }))
    .path
  there = await startProgram()
  theo = await there.person('theo', 'trainer')
  ;({ studyId } = await createStudyWith(there, scanFolders(at.made)))
})
afterAll(async () => {
  await at.close()
  await there.close()
})

describe('an ensemble in a file', () => {
  let member: Model

  it('goes to another workstation with its networks, and says the same there', async () => {
    const { first, predict } = at
    const model = await take(saved)
    expect(model).toMatchObject({ name: 'Both', origin: 'ensemble', sha256: both.sha256, rule: 'majority' })
    const list = await there.services.models.list(theo, studyId)
    expect(list.map(({ origin }) => origin).sort()).toEqual(['ensemble', 'import', 'import'])
    member = list.find(({ sha256 }) => sha256 === first.sha256)!
    const { votesDigest, parameters, intendedUse, recipe, test } = first
    expect(member).toMatchObject({
      ...{ network: 'walle2023', labelSetName: 'First', votesDigest, parameters, intendedUse, recipe, test },
    })
    const { ended } = await there.services.models.predict(theo, { modelId: model.id, scope: 'unread' })
    await ended
    const said = await there.services.models.predictions(theo, model.id)
    const here = (await predict(both.id, 'unread')).filter(({ withReaders }) => !withReaders)
    const sayings = (list: readonly Prediction[]) =>
      list.map(({ grade, probabilities }) => [grade, ...probabilities.map((p) => p.toFixed(5))]).sort()
    expect(said).toHaveLength(8)
    expect(sayings(said)).toEqual(sayings(here))
    await expect(take(saved)).rejects.toMatchObject({ code: 'model-known' })
  })

  it('is judged there without the scans that its card says it learned from', async () => {
    expect(await there.services.models.evaluation(theo, member.id)).toBeNull()
    await everybodyReads(there, studyId)
    await there.get('lead', 'analysis.seal', { studyId, incomplete: false })
    await there.get('lead', 'labels.freeze', { studyId, name: 'Theirs', rule: 'rounded-mean' })
    const { ended } = await there.services.models.predict(theo, { modelId: member.id, scope: 'all' })
    await ended
    const own = (await at.evaluation(at.first.id))!
    const judged = (await there.services.models.evaluation(theo, member.id))!
    expect(judged).toMatchObject({ part: 'here', scans: own.scans, confusion: own.confusion })
  })

  it('is refused where the file is no such model or the study has other grades, and nothing of it is kept', async () => {
    const bytes = readFileSync(saved)
    const file = (name: string, content: Buffer): string => {
      const path = join(there.folders.root, name)
      writeFileSync(path, content)
      return path
    }
    const flipped = Buffer.from(bytes)
    flipped[Math.floor(bytes.length / 2)]! ^= 1
    const cut = file('cut', bytes)
    truncateSync(cut, bytes.length - 2000)
    const newer = bytes.toString('latin1').replace('concord-model-file-1', 'concord-model-file-9')
    for (const [path, code] of [
      [cut, 'model-file-truncated'],
      [file('short', bytes.subarray(0, 700)), 'model-file-truncated'],
      [file('flipped', flipped), 'model-file-changed'],
      [file('newer', Buffer.from(newer, 'latin1')), 'model-file-newer'],
      [file('text', Buffer.from('Notes of Tuesday\n'.repeat(100))), 'model-file-foreign'],
      [file('empty', Buffer.alloc(0)), 'model-file-foreign'],
      [join(there.folders.root, 'nowhere'), 'model-file-missing'],
    ] as const)
      await expect(take(path), code).rejects.toMatchObject({ code })
    const { id: yesNo } = await there.get<{ id: string }>('lead', 'studies.create', {
      ...{ title: 'Yes or no', template: 'hrpqct-motion', readersPerScan: 1 },
      scale: { grades: [0, 1].map((value) => ({ value, word: String(value), description: '' })), rescanFrom: null },
    })
    await expect(there.services.models.importFile(theo, { studyId: yesNo, path: saved })).rejects.toMatchObject({
      code: 'model-other-scale',
    })
    expect(readdirSync(there.folders.models)).toHaveLength(3)
  })
})
