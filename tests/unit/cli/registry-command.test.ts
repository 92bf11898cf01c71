import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommand } from '../../../src/main/cli/run.ts'
import { defaultRecipe } from '../../../src/preload/contract/training.ts'
import { createStudyWith, password, readAll, startProgram } from '../../fixtures/program.ts'
import { writeDiscs } from '../../fixtures/discs.ts'

const [here, there] = [mkdtempSync(join(tmpdir(), 'concord-cli-')), mkdtempSync(join(tmpdir(), 'concord-cli-'))]
const before = process.env.CONCORD_PASSWORD
afterAll(() => {
  process.env.CONCORD_PASSWORD = before
  for (const folder of [here, there]) rmSync(folder, { recursive: true, force: true })
})

/** Runs one command as its own process would, and returns what it printed; `error` is the code of a refusal. */
async function model(data: string, ...args: string[]) {
  const lines: string[] = []
  const io = { out: (line: string) => void lines.push(line), err: () => undefined }
  const code = await runCommand(['model', ...args, '--as', 'theo', '--data', data], io)
  const out = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  return { code, out, error: out[0]?.['kind'] === 'reject' ? out[0]['code'] : '' }
}

let names: string[]
beforeAll(async () => {
  process.env.CONCORD_PASSWORD = password
  const program = await startProgram(here)
  await writeDiscs(join(here, 'made'), 16, [40, 40, 8])
  const { studyId } = await createStudyWith(program, [{ folder: join(here, 'made'), purpose: 'reading' }])
  for (const reader of ['r1', 'r2', 'r3'])
    await readAll(program, reader, studyId, (pseudonym) => (Number(pseudonym.slice(1, 5)) % 2 ? 2 : 4))
  await program.get('lead', 'analysis.seal', { studyId, incomplete: false })
  const set = await program.get<{ id: string }>('lead', 'labels.freeze', {
    studyId,
    name: 'Majority',
    rule: 'majority',
  })
  await program.person('theo', 'trainer')
  for (const network of ['walle2023', 'scratch4']) {
    const recipe = { ...defaultRecipe, network, imageSize: 32, epochs: 1, testShare: 0.3 }
    const run = await program.get<{ id: string }>('theo', 'training.start', { labelSetId: set.id, recipe })
    await program.services.training.finished(run.id)
  }
  names = (await program.get<{ name: string }[]>('theo', 'models.list', { studyId })).map(({ name }) => name)
  await program.close()
  const other = await startProgram(there)
  await other.person('lead', 'lead')
  await other.person('theo', 'trainer')
  await other.get('lead', 'studies.create', { title: 'Elsewhere', template: 'hrpqct-motion', readersPerScan: 1 })
  await other.close()
})

describe('concord model', () => {
  it('evaluates, compares and leaves both as CSV', async () => {
    expect(names).toHaveLength(2)
    const { out } = await model(here, 'evaluate', 'Motion', names[0]!)
    expect(out[0]).toMatchObject({ evaluation: { part: 'test', readers: ['A', 'B', 'C'] } })
    const compared = await model(here, 'compare', 'Motion', ...names)
    expect(compared.out[0]).toMatchObject({ pairs: [{ comparison: { grade: expect.anything() } }] })
    const csv = join(here, 'comparison.csv')
    expect(await model(here, 'compare', 'Motion', ...names, '--out', csv)).toMatchObject({ code: 0 })
    expect(readFileSync(csv, 'utf8')).toContain('mcnemar')
    const table = join(here, 'confusion.csv')
    expect(await model(here, 'evaluate', 'Motion', names[0]!, '--out', table, '--table', 'confusion')).toMatchObject({
      code: 0,
    })
    expect(readFileSync(table, 'utf8').split('\n')[0]).toContain('label,model_1,model_2')
  })

  it('carries a model to another data folder, and refuses what is none with a line and exit 2', async () => {
    const file = join(here, 'walle.concord-model')
    expect(await model(here, 'export', 'Motion', names[1]!, '--out', file)).toMatchObject({
      code: 0,
      out: [{ path: file }],
    })
    const { code, out } = await model(there, 'import', 'Elsewhere', file)
    expect({ code, out }).toMatchObject({ code: 0, out: [{ name: names[1], origin: 'import', network: 'walle2023' }] })
    expect(await model(there, 'import', 'Elsewhere', file)).toMatchObject({ code: 2, error: 'model-known' })
    const cut = join(here, 'cut.concord-model')
    writeFileSync(cut, readFileSync(file).subarray(0, 5000))
    expect(await model(there, 'import', 'Elsewhere', cut)).toMatchObject({
      code: 2,
      out: [
        { file: cut, kind: 'reject', code: 'model-file-truncated', message: expect.stringMatching(/^\S.{10,}\.$/) },
      ],
    })
    const folder = join(here, 'tfjs')
    expect(
      await model(here, 'export', 'Motion', names[0]!, '--out', folder, '--format', 'tensorflow-js'),
    ).toMatchObject({ code: 0 })
    for (const name of ['model.json', 'weights.bin', 'concord.json']) expect(existsSync(join(folder, name))).toBe(true)
    expect(await model(here, 'export', 'Motion', names[0]!, '--out', file, '--format', 'tensorflow-js')).toMatchObject({
      error: 'folder-taken',
    })
  })

  it('combines, retires, and says what is wrong with what it was given', async () => {
    const combined = await model(here, 'combine', 'Motion', ...names, '--name', 'Both', '--rule', 'majority')
    expect(combined.out[0]).toMatchObject({ name: 'Both', origin: 'ensemble', rule: 'majority' })
    expect(await model(here, 'retire', 'Motion', 'Both', '--reason', 'A trial')).toMatchObject({
      code: 0,
      out: [{ retired: { reason: 'A trial' } }],
    })
    for (const [args, error] of [
      [['retire', 'Motion', 'Both', '--reason', 'again'], 'model-retired'],
      [['retire', 'Motion', 'Nobody', '--reason', 'x'], 'model-unknown'],
      [['retire', 'Motion', names[0]!], 'bad-option'],
      [['export', 'Motion', names[0]!], 'bad-option'],
      [['export', 'Motion', names[0]!, '--out', 'x', '--format', 'onnx'], 'bad-option'],
      [['compare', 'Motion', names[0]!], 'compare-too-few'],
      [['import', 'Nowhere', 'x'], 'study-unknown'],
      [['import', 'Motion', join(here, 'nothing')], 'model-file-missing'],
    ] as const)
      expect(await model(here, ...args), args.join(' ')).toMatchObject({ code: 2, error })
    expect(await model(here, 'retrain')).toMatchObject({
      code: 2,
      out: [{ code: 'usage', message: expect.stringContaining('"concord model --help" lists') as string }],
    })
  })
})
