import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Overview } from '../../../src/preload/contract/analysis.ts'
import { readVotes } from '../../../src/main/domain/csv.ts'
import { castVote } from '../../fixtures/casting.ts'
import { disputedOf } from '../../fixtures/disputed.ts'
import { addScans, createStudyWith, readAll, startProgram, type Program } from '../../fixtures/program.ts'
import { writeDiscs } from '../../fixtures/discs.ts'

const patientName = 'Musterfrau^Erika'
const files = ['README.md', 'adjudications.csv', 'analysis.R', 'analysis.py', 'figures.csv', 'labels.csv']
const all = [...files, 'predictions.csv', 'scale.csv', 'votes.csv']
const has = (program: string): boolean => spawnSync(program, ['--version']).status === 0

let program: Program
let place: string
let folder: string
let studyId: string
const text = (name: string): string => readFileSync(join(folder, name), 'utf8')
const write = (path: string, named = false) => program.services.exports.folderAt(lead, { studyId, named }, path)
/** The reader's first scan cannot be graded: a vote without a grade. */
async function refuseOne(reader: string): Promise<void> {
  const desk = await program.get<{ current: { assignmentId: string } }>(reader, 'reading.desk', { studyId })
  await castVote(program, reader, desk.current.assignmentId, null, { reason: 'Blurred.' })
}
let lead: Awaited<ReturnType<Program['person']>>

beforeAll(async () => {
  program = await startProgram()
  place = mkdtempSync(join(tmpdir(), 'concord-export-'))
  await writeDiscs(join(place, 'scans'), 14, [16, 16, 4], patientName)
  const study = await createStudyWith(program, [{ folder: join(place, 'scans'), purpose: 'reading' }])
  ;({ studyId, lead } = study)
  // Differences of every kind: across the cut, by one reader, and a scan that cannot be graded.
  await refuseOne('r3')
  for (const [index, reader] of ['r1', 'r2', 'r3'].entries())
    await readAll(program, reader, studyId, (pseudonym) => {
      const n = Number(pseudonym.replace(/\D/g, ''))
      return 1 + ((n + (n % 4 === index ? index + 1 : 0)) % 5)
    })
  await program.get('lead', 'analysis.seal', { studyId, incomplete: true })
  const [first] = await disputedOf(program, studyId)
  await program.get('lead', 'analysis.adjudicate', {
    ...{ studyId, scanId: first!.scanId, grade: 4, cause: 'streaksInside', reason: 'As Erika said.' },
  })
  await program.get('lead', 'labels.freeze', { studyId, name: 'First', rule: 'rounded-mean' })
  folder = join(place, 'out')
  await write(folder)
})
afterAll(async () => {
  await program.close()
  rmSync(place, { recursive: true, force: true })
})

describe('the exported folder', () => {
  it('holds the tables, their README and the scripts, and each column is described', () => {
    expect(readdirSync(folder).sort()).toEqual(all.sort())
    const readme = text('README.md')
    for (const name of all.filter((file) => file.endsWith('.csv'))) {
      const described = readme.split(`## ${name}\n`)[1]!.split('\n## ')[0]!
      const columns = [...described.matchAll(/^\| `(\w+)` \| .+ \|$/gm)].map((match) => match[1])
      expect(text(name).split('\n')[0]).toBe(columns.join(','))
    }
  })

  it('has the votes as the command for agreement reads them, one row a vote', async () => {
    const ratings = await readVotes(text('votes.csv'), [1, 2, 3, 4, 5])
    expect(ratings.subjects.length).toBe(14)
    expect([...ratings.raters].sort()).toEqual(['A', 'B', 'C'])
    expect(text('votes.csv').trim().split('\n')).toHaveLength(1 + 14 * 3)
    // Why a scan cannot be graded, in own words, may name somebody: the table says no more than that it was so.
    expect(text('votes.csv')).toMatch(/,[ABC],,other,/)
    expect(text('votes.csv')).not.toMatch(/Blurred/)
    expect(text('labels.csv')).toMatch(/,4,adjudicated,rounded-mean,/)
    expect(text('adjudications.csv')).toMatch(/,4,streaksInside,/)
  })

  it('has the figures of the page to the last digit', async () => {
    const overview = await program.get<Overview>('lead', 'analysis.overview', { studyId })
    const values = Object.fromEntries(
      text('figures.csv')
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(','))
        .map(([statistic, part, weights, value]) => [`${statistic} ${part} ${weights}`.trim(), Number(value)]),
    )
    expect(values['fleiss_kappa all']).toBe(overview.agreement.fleissKappa.estimate)
    expect(values['full_agreement all']).toBe(overview.agreement.fullAgreementRate)
    expect(values['rescan_disagreement all']).toBe(overview.agreement.rescan.disagreementRate)
    for (const { raters, weights, estimate } of overview.agreement.cohenKappa)
      expect(values[`cohen_kappa ${raters.join('-')} ${weights}`]).toBe(estimate)
  })

  it('names nobody: no patient, no reader, none of the free text', () => {
    for (const name of all) {
      expect(text(name)).not.toMatch(/Musterfrau|Erika|Dr r[123]|\bDr lead\b/)
      expect(text(name)).not.toContain(lead.accountId)
    }
  })

  it.skipIf(!has('python3'))(
    'is computed anew by its Python script, figure for figure (skipped where there is no python3)',
    () => {
      const run = spawnSync('python3', [join(folder, 'analysis.py')], { encoding: 'utf8' })
      expect(`${run.stdout}${run.stderr}`).toMatch(/largest difference: \d/)
      expect(run.status).toBe(0)
    },
  )

  it.skipIf(!has('Rscript'))('is computed anew by its R script (skipped where there is no Rscript)', () => {
    const run = spawnSync('Rscript', [join(folder, 'analysis.R')], { encoding: 'utf8' })
    expect(`${run.stdout}${run.stderr}`).toMatch(/largest difference: \d/)
    expect(run.status).toBe(0)
  })

  it.skipIf(!has('python3'))(
    'is told apart by the script where one vote was changed (skipped where there is no python3)',
    () => {
      const votes = text('votes.csv')
      const changed = votes.replace(
        /^([^,]+,A),(\d)/m,
        (_all, start: string, grade: string) => `${start},${6 - Number(grade) || 5}`,
      )
      writeFileSync(join(folder, 'votes.csv'), changed === votes ? votes.replace(/,A,3,/, ',A,5,') : changed)
      const run = spawnSync('python3', [join(folder, 'analysis.py')])
      writeFileSync(join(folder, 'votes.csv'), votes)
      expect(run.status).toBe(1)
    },
  )
})

/** A study with a scale of the department's own that asks for a condition; some readers err, and patients 1 and 3 have two scans. */
async function conditionStudy(): Promise<string> {
  const grade = (value: number, word: string) => ({ value, word, description: '' })
  const study = await program.get<{ id: string }>('lead', 'studies.create', {
    ...{ title: 'Own classes', template: 'own', readersPerScan: 3, encrypted: false },
    scale: {
      ...{ grades: [grade(0, 'none'), grade(1, 'some'), grade(2, 'much')], rescanFrom: 1, cutMeans: 'positive' },
      cutWords: { positive: { en: 'brittle', de: 'brüchig' }, negative: { en: 'sound', de: 'gesund' } },
    },
  })
  const ids = await addScans(program.db, study.id, lead.accountId, 24)
  const alone = ids.filter((_, i) => i % 2 === 1 && ![1, 5].includes(i))
  await program.db.updateTable('scan').set({ purpose: 'unread' }).where('id', 'in', alone).execute()
  const readers = await program.services.accounts.list()
  const readerIds = ['r1', 'r2', 'r3'].map((name) => readers.find((one) => one.name === name)!.id)
  await program.get('lead', 'studies.setReaders', { studyId: study.id, readerIds })
  await program.get('lead', 'studies.open', { studyId: study.id })
  const wrong: Record<string, string[]> = { r1: ['P0001-1', 'P0002-1'], r2: ['P0001-2', 'P0004-1'], r3: ['P0003-1'] }
  for (const [reader, errors] of Object.entries(wrong))
    await readAll(program, reader, study.id, (scan) =>
      isPositive(scan) === errors.includes(scan) ? 0 : 1 + (Number(scan.slice(-1)) % 2),
    )
  await program.get('lead', 'analysis.seal', { studyId: study.id, incomplete: false })
  return study.id
}
const isPositive = (scan: string): boolean => Number(scan.slice(1, 5)) % 2 === 1

describe('the exported folder of a study that asks for a condition', () => {
  let own: string
  const scripts = [
    ['python3', 'analysis.py'],
    ['Rscript', 'analysis.R'],
  ] as const
  const exported = (name: string) =>
    program.services.exports.folderAt(lead, { studyId: own, named: false }, join(place, name))
  const anew = ([command, script]: readonly [string, string], path: string) => {
    const run = spawnSync(command, [join(path, script)], { encoding: 'utf8' })
    return { status: run.status, said: `${run.stdout}${run.stderr}` }
  }
  beforeAll(async () => {
    own = await conditionStudy()
    await exported('others')
    const scans = await program.db.selectFrom('scan').select('pseudonym').where('study_id', '=', own).execute()
    const truths = scans.map(({ pseudonym }) => ({ pseudonym, grade: isPositive(pseudonym) ? 2 : 0 }))
    await program.services.references.set(lead, own, truths)
    await exported('truth')
  })

  it('calls the classes by the department’s names in the report, in its language', async () => {
    const reports = await Promise.all(
      (['en', 'de'] as const).map((language) => program.services.exports.reportPage(lead, { studyId: own, language })),
    )
    expect(reports[0]).toMatch(/some readers say brittle and others sound/)
    expect(reports[1]).toMatch(/sagen die einen brüchig, die anderen gesund/)
    for (const report of reports) expect(report).not.toMatch(/re-?scan|scan(ned)? again|neuaufnahme|neu aufgenommen/i)
  })

  it('has its disputed scans settled for a reason of its own kind, told in the report', async () => {
    const [first] = await disputedOf(program, own)
    const decide = (cause: string) =>
      program.ask('lead', 'analysis.adjudicate', { studyId: own, scanId: first!.scanId, grade: 2, cause, reason: '' })
    expect(await decide('fewSlices')).toMatchObject({ error: { code: 'cause-foreign' } })
    expect(await decide('trabeculaeLost')).toMatchObject({ error: { code: 'cause-foreign' } })
    expect(await decide('smallPart')).toMatchObject({ ok: true })
    const report = await program.services.exports.reportPage(lead, { studyId: own, language: 'de' })
    expect(report).toContain('Nur ein kleiner Teil ist betroffen.')
  })

  it('has the truth where it is known, and no two readers err on the same scan: their majority is right', () => {
    expect(readdirSync(join(place, 'others'))).not.toContain('truth.csv')
    expect(readFileSync(join(place, 'others', 'classes.csv'), 'utf8')).not.toMatch(/majority/)
    expect(readFileSync(join(place, 'truth', 'classes.csv'), 'utf8')).toMatch(/^majority,truth,1,/m)
    expect(readFileSync(join(place, 'truth', 'README.md'), 'utf8')).toMatch(/^## truth\.csv$/m)
  })

  it.each(scripts.filter(([command]) => has(command)))(
    'has sensitivity and specificity computed anew by %s, against the others and against the truth',
    (...script) => {
      const first = anew(script, join(place, 'others'))
      expect(first.said).toMatch(/largest difference: \d/)
      expect(first.status, first.said).toBe(0)
      const path = join(place, 'truth')
      const { status, said } = anew(script, path)
      expect(status, said).toBe(0)
      // Where a patient has two scans and not all are right, the program's interval is a bootstrap's: that alone is not there.
      expect(said.match(/sensitivity_lower/g)).toHaveLength(1)
      expect(said.match(/specificity_lower/g)).toHaveLength(4)

      const file = join(path, 'truth.csv')
      const truth = readFileSync(file, 'utf8')
      writeFileSync(file, truth.replace(/^P0004-1,0/m, 'P0004-1,1'))
      const changed = anew(script, path)
      writeFileSync(file, truth)
      expect(changed.status).toBe(1)
    },
  )
})

describe('an export with names', () => {
  it('is refused before unblinding, and writes nothing', async () => {
    const path = join(place, 'named')
    await expect(write(path, true)).rejects.toMatchObject({ code: 'study-not-unblinded' })
    expect(existsSync(path)).toBe(false)
    expect(await program.ask('lead', 'exports.votes', { studyId, named: true })).toMatchObject({
      error: { code: 'study-not-unblinded' },
    })
  })

  it('has them after unblinding when asked for, never unasked, and is on record', async () => {
    await program.get('lead', 'analysis.unblind', { studyId })
    const path = join(place, 'named')
    await write(path, true)
    expect(readFileSync(join(path, 'votes.csv'), 'utf8')).toMatch(/Dr r1/)
    await write(join(place, 'unnamed'))
    expect(readFileSync(join(place, 'unnamed', 'votes.csv'), 'utf8')).not.toMatch(/Dr r/)
    const acts = await program.db
      .selectFrom('audit')
      .select(['act', 'account_id'])
      .where('act', 'like', 'exported.folder%')
      .where('subject', '=', studyId)
      .orderBy('sequence')
      .execute()
    expect(acts.map(({ act }) => act)).toEqual(['exported.folder', 'exported.folder-with-names', 'exported.folder'])
    expect(new Set(acts.map(({ account_id }) => account_id))).toEqual(new Set([lead.accountId]))
  })
})

describe('a place that does not do', () => {
  it('is refused in words, and what lies there stays', async () => {
    const full = join(place, 'full')
    mkdirSync(full)
    writeFileSync(join(full, 'mine.txt'), 'mine')
    await expect(write(full)).rejects.toMatchObject({ code: 'folder-not-empty' })
    expect(readdirSync(full)).toEqual(['mine.txt'])
    await expect(write(join(full, 'mine.txt'))).rejects.toMatchObject({ code: 'output-unwritable' })
    await expect(write(join(full, 'mine.txt', 'below'))).rejects.toMatchObject({ code: 'output-unwritable' })
  })

  it('is not needed from the window: a free name is found beside an older export', async () => {
    const first = await program
      .get<{ path: string }>('lead', 'exports.folder', { studyId, named: false })
      .catch(() => null)
    // The fixture's folder dialog is cancelled: nothing is written.
    expect(first).toMatchObject({ path: null })
    const service = program.services.exports
    const once = await service.folder(lead, { studyId, named: false }, async () => place)
    const twice = await service.folder(lead, { studyId, named: false }, async () => place)
    expect(once.path).toMatch(/Motion-\d{4}-\d\d-\d\d$/)
    expect(twice.path).toBe(`${once.path}-2`)
  })
})
