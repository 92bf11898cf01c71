import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Overview } from '../../../../src/preload/contract/analysis.ts'
import type { Study } from '../../../../src/preload/contract/studies.ts'
import { truthsIn } from '../../../../src/main/services/settling/references.ts'
import { verifyChain } from '../../../../src/main/store/verify.ts'
import { recordScan } from '../../../../src/main/store/witness/record.ts'
import { addScans, readAll, startProgram, type Program } from '../../../fixtures/program.ts'

let program: Program
let study: Study
const folder = mkdtempSync(join(tmpdir(), 'truth-'))
const patients = 12
/** P0001 and so on, odd ones osteoporotic; the readers differ on some. */
const truth = (number: number): number => (number % 2 === 1 ? 2 : 1)
const wrong: Record<string, number[]> = { r1: [1, 2], r2: [1, 4, 5], r3: [3] }

beforeAll(async () => {
  program = await startProgram()
  const lead = await program.person('lead', 'lead')
  const readers = [
    await program.person('r1', 'reader', 'lead'),
    await program.person('r2', 'reader'),
    await program.person('r3', 'reader'),
  ]
  study = await program.get<Study>('lead', 'studies.create', {
    ...{ title: 'Heels', template: 'calcaneus-osteoporosis', readersPerScan: 3 },
  })
  // One of each patient's two: P0001-1, P0002-1 …
  const ids = await addScans(program.db, study.id, lead.accountId, 2 * patients)
  const second = ids.filter((_, i) => i % 2 === 1)
  await program.db.updateTable('scan').set({ purpose: 'unread' }).where('id', 'in', second).execute()
  const entry = { accountId: lead.accountId, act: 'scan.imported' }
  for (const id of second) await program.db.transaction().execute((t) => recordScan(t, entry, id))
  const readerIds = readers.map((r) => r.accountId)
  await program.get('lead', 'studies.setReaders', { studyId: study.id, readerIds })
  await program.get('lead', 'studies.open', { studyId: study.id })
  for (const [reader, errors] of Object.entries(wrong))
    await readAll(program, reader, study.id, (pseudonym) => {
      const number = Number(pseudonym.slice(1, 5))
      return errors.includes(number) ? 3 - truth(number) : truth(number)
    })
})
afterAll(async () => {
  await program.close()
  rmSync(folder, { recursive: true, force: true })
})

const overview = () => program.get<Overview>('lead', 'analysis.overview', { studyId: study.id })
const importTruth = (desk: string, text: string) => {
  const path = join(folder, 'truth.csv')
  writeFileSync(path, text)
  return program.services.accounts.list().then(async () => {
    const caller = await program.get<never>(desk, 'accounts.signIn', { name: desk, password: 'correct horse battery' })
    return program.services.references.importFile(caller, { studyId: study.id, path })
  })
}

describe('a study of two classes', () => {
  it('has the words of the template, a cut between the classes, and asks for the condition', () => {
    expect(study.scale).toMatchObject({ rescanFrom: 2, cutMeans: 'positive' })
    expect(study.scale.grades.map(({ word }) => word)).toEqual(['CN (control)', 'OP (osteoporosis)'])
  })

  it('holds each reader against the majority of the others while no truth is known', async () => {
    const { classes } = await overview()
    expect(classes).toMatchObject({ reference: 'others', positives: null, majority: null })
    expect(classes!.readers).toHaveLength(3)
    // Somebody's two others differ on some scans: these do not count.
    for (const { sensitivity, specificity } of classes!.readers) {
      expect(sensitivity.n + specificity.n).toBeLessThan(patients)
      expect(sensitivity.ci![0]).toBeLessThan(sensitivity.rate!)
    }
  })

  it('takes a truth from a file, and refuses a bad one without keeping half of it', async () => {
    const good = [
      'subject,grade',
      ...Array.from({ length: patients }, (_, i) => `P${String(i + 1).padStart(4, '0')}-1,${truth(i + 1)}`),
    ]
    await expect(importTruth('lead', [...good, 'P9999-1,1'].join('\n'))).rejects.toMatchObject({ code: 'scan-unknown' })
    await expect(importTruth('lead', [...good, 'P0001-2,7'].join('\n'))).rejects.toMatchObject({
      code: 'grade-unknown',
    })
    expect((await overview()).classes!.reference).toBe('others')
    // A lead who also reads here must not come near it before the reading is sealed.
    await expect(importTruth('r1', good.join('\n'))).rejects.toMatchObject({ code: 'blinded' })
    expect(await importTruth('lead', good.join('\r\n'))).toEqual({ set: patients, unchanged: 0 })
    expect(await importTruth('lead', good.join('\n'))).toEqual({ set: 0, unchanged: patients })
  })

  it('then gives sensitivity and specificity of each reader and of the majority of three', async () => {
    const { classes } = await overview()
    expect(classes).toMatchObject({ reference: 'truth', positives: 6, negatives: 6 })
    const errors = Object.values(wrong).map((own) =>
      [own.filter((n) => n % 2 === 1).length, own.filter((n) => n % 2 === 0).length].join(),
    )
    const seen = classes!.readers.map(({ fn, fp }) => [fn, fp].join())
    expect(seen.sort()).toEqual(errors.sort())
    // Two of three miss P0001 alone: the majority is wrong there and nowhere else.
    expect(classes!.majority).toMatchObject({ tp: 5, fn: 1, tn: 6, fp: 0 })
    expect(classes!.majority!.sensitivity.rate).toBeCloseTo(5 / 6, 12)
    expect(classes!.majority!.specificity.rate).toBe(1)
  })

  it('keeps the newest truth of a scan, never changes a row, and attests each', async () => {
    expect(await importTruth('lead', 'subject;grade\nP0001-1;1')).toEqual({ set: 1, unchanged: 0 })
    expect((await overview()).classes).toMatchObject({ positives: 5, negatives: 7 })
    await expect(program.db.updateTable('scan_reference').set({ grade: 2 }).execute()).rejects.toThrow('never changed')
    await expect(program.db.deleteFrom('scan_reference').execute()).rejects.toThrow('never changed')
    expect((await verifyAll()).broken).toBeNull()
  })

  it('names what is wrong with a file', () => {
    for (const [text, word] of [
      ['', 'empty'],
      ['a,b\n1,2', 'columns'],
      ['subject,grade\nP1,x', 'Row 2'],
      ['subject,grade\nP1,1\nP1,2', 'twice'],
      ['subject,grade\n"P1,1', 'CSV'],
    ] as const)
      expect(() => truthsIn(text)).toThrow(word)
    expect(truthsIn('\ufeffsubject\tgrade\nP1\t2\nP2\t')).toEqual([{ pseudonym: 'P1', grade: 2 }])
  })
})

const verifyAll = () => verifyChain(program.db)
