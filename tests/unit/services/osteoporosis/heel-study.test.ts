import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Session } from '../../../../src/preload/contract/accounts.ts'
import type { Overview } from '../../../../src/preload/contract/analysis.ts'
import type { LabelSet } from '../../../../src/preload/contract/labels.ts'
import type { Study } from '../../../../src/preload/contract/studies.ts'
import { verifyChain } from '../../../../src/main/store/verify.ts'
import { startProgram, type Program } from '../../../fixtures/program.ts'

let program: Program
let lead: Session
let open: Study
let sealed: Study
const wanted = { pairs: 3, seed: 5 }

beforeAll(async () => {
  program = await startProgram()
  lead = await program.person('lead', 'lead', 'trainer')
  const { accountId } = await program.person('r1', 'reader')
  const { heelStudies } = program.services
  open = await heelStudies.make(lead, { ...wanted, title: 'Open', readerIds: [accountId] })
  sealed = await heelStudies.make(lead, { ...wanted, title: 'Sealed', readerIds: [] })
})
afterAll(() => program.close())

describe('the study of simulated heels', () => {
  it('waits for the person named, with radiographs to read and nothing of the others', async () => {
    expect(open).toMatchObject({ state: 'open', readersPerScan: 4, scans: { reading: 6 } })
    const desk = await program.get<{ current: { site: string; dims: number[] }; scale: unknown }>(
      'r1',
      'reading.desk',
      {
        studyId: open.id,
      },
    )
    expect(desk.current).toMatchObject({ site: 'calcaneus', dims: [1120, 880, 1] })
    expect(JSON.stringify(desk)).not.toMatch(/truth|H00|simulated/i)
  })

  it('shows its lead sensitivity and specificity against the truth, of the three and of their majority', async () => {
    const { classes, votes } = await program.get<Overview>('lead', 'analysis.overview', { studyId: open.id })
    expect(votes).toEqual({ cast: 18, expected: 24 })
    expect(classes).toMatchObject({ reference: 'truth', positives: 3, negatives: 3 })
    expect(classes!.readers).toHaveLength(3)
    const { tp, fn, tn, fp } = classes!.majority!
    expect([tp + fn, tn + fp]).toEqual([3, 3])
  })

  it('has, sealed, a label set to train on, and an audit trail that holds', async () => {
    expect(sealed.state).toBe('sealed')
    const [set] = await program.get<LabelSet[]>('lead', 'labels.list', { studyId: sealed.id })
    // Named by its study: nothing stored is worded in one language.
    expect(set).toMatchObject({ name: sealed.title, rule: 'majority', labels: 6, unresolved: 0 })
    expect((await verifyChain(program.db)).broken).toBeNull()
  })

  it.each(['en', 'de'] as const)('is reported by its classes, without a word of a re-scan (%s)', async (language) => {
    const html = await program.services.exports.reportPage(lead, { studyId: sealed.id, language })
    expect(html).toContain(language === 'en' ? 'Sensitivity and specificity' : 'Sensitivität und Spezifität')
    expect(html).toContain(language === 'en' ? 'OP (osteoporosis)' : 'OP (Osteoporose)')
    expect(html).not.toMatch(/re-?scan|scan(ned)? again|neuaufnahme|neu aufgenommen/i)
    expect(html).not.toMatch(/NaN|undefined/)
  })

  it('is exported with each reader’s sensitivity and specificity', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'heels-')), 'out')
    await program.services.exports.folderAt(lead, { studyId: sealed.id, named: false }, folder)
    const [head, ...rows] = readFileSync(join(folder, 'classes.csv'), 'utf8').trim().split(/\r?\n/)
    expect(head).toContain('rater,reference,sensitivity')
    expect(rows.map((row) => row.split(',').slice(0, 2).join())).toEqual([
      'A,truth',
      'B,truth',
      'C,truth',
      'majority,truth',
    ])
    rmSync(folder, { recursive: true })
  })

  it('has its regions placed where the phantom knows the bone, so that a network can learn from them', async () => {
    const { scans } = await program.services.regions.list(lead, sealed.id)
    expect(scans).toHaveLength(6)
    for (const { region, dims } of scans) {
      expect(region).toMatchObject({ edge: 320, spacingFrom: 'file', revision: 1 })
      expect(region!.x).toBeGreaterThanOrEqual(159.5)
      expect(region!.x).toBeLessThanOrEqual(dims[0] - 160.5)
    }
  })

  it('is not made by somebody who is to read in it', async () => {
    const asked = { ...wanted, title: 'Own', readerIds: [lead.accountId] }
    await expect(program.services.heelStudies.make(lead, asked)).rejects.toMatchObject({ code: 'blinded' })
  })
})
