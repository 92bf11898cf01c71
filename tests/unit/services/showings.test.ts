import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plainDesign, type Design } from '../../../src/preload/contract/design.ts'
import type { Desk } from '../../../src/preload/contract/reading.ts'
import { wordsOf } from '../../../src/main/services/report/words.ts'
import { castVote } from '../../fixtures/casting.ts'
import { addScans, openStudy, readAll, startProgram, type Program } from '../../fixtures/program.ts'

let program: Program
let place: string
let studyId: string
let lead: Awaited<ReturnType<Program['person']>>
const design: Design = { ...plainDesign, repeats: 30, repeatGap: 3, confidence: true, slicesPerStack: 8 }

/** Reads all of a queue: the first showing of a scan gets one grade, the second another, the confidence goes 1, 2, 3. */
async function read(reader: string): Promise<number> {
  let now = await program.get<Desk>(reader, 'reading.desk', { studyId })
  let n = 0
  for (; now.current; n++) {
    const { assignmentId, stacks } = now.current
    const grade = 1 + (n % 3)
    const stackGrades = stacks > 1 ? Array.from({ length: stacks }, () => grade) : null
    now = await castVote(program, reader, assignmentId, grade, { confidence: 1 + (n % 3), stackGrades })
  }
  return n
}

beforeAll(async () => {
  program = await startProgram()
  place = mkdtempSync(join(tmpdir(), 'concord-showings-'))
  await program.person('admin')
  lead = await program.person('lead', 'lead')
  const readers = [await program.person('r1', 'reader'), await program.person('r2', 'reader')]
  const wanted = { title: 'With repeats', template: 'hrpqct-motion', readersPerScan: 2 }
  studyId = (await program.get<{ id: string }>('lead', 'studies.create', wanted)).id
  await addScans(program.db, studyId, lead.accountId, 10)
  await program.get('lead', 'designs.set', { studyId, design })
  await program.get('lead', 'studies.setReaders', { studyId, readerIds: readers.map(({ accountId }) => accountId) })
  await program.get('lead', 'studies.open', { studyId })
  expect([await read('r1'), await read('r2')]).toEqual([13, 13])
  await program.get('lead', 'analysis.seal', { studyId, incomplete: false })
})
afterAll(async () => {
  await program.close()
  rmSync(place, { recursive: true, force: true })
})

describe('a study that asks for more than one grade a reader and scan', () => {
  it('has every showing in the exported folder, with confidence and stack grades, as it was cast', async () => {
    const folder = join(place, 'out')
    await program.services.exports.folderAt(lead, { studyId, named: false }, folder)
    const [header, ...rows] = readFileSync(join(folder, 'showings.csv'), 'utf8').trim().split('\n')
    const names = header!.trim().split(',')
    const all = rows.map((row) =>
      Object.fromEntries(
        row
          .trim()
          .split(',')
          .map((cell, i) => [names[i], cell]),
      ),
    )
    expect(all).toHaveLength(26)
    expect(all.filter(({ shown }) => shown === 'repeat')).toHaveLength(6)
    expect(all.filter(({ shown }) => shown === 'first')).toHaveLength(20)
    expect(names).not.toContain('rater_name')
    // Confidence was cast beside the grade of the same number.
    for (const row of all) {
      expect(row['confidence']).toBe(row['grade'])
      if (row['stack_grades']) expect(new Set(row['stack_grades'].split(' '))).toEqual(new Set([row['grade']]))
    }
    // The first showings are the votes that count, no more and no less.
    const first = all
      .filter(({ shown }) => shown === 'first')
      .map((row) => `${row['subject']},${row['rater']},${row['grade']}`)
    const votes = readFileSync(join(folder, 'votes.csv'), 'utf8').trim().split('\n').slice(1)
    expect(first.sort()).toEqual(votes.map((row) => row.split(',').slice(0, 3).join(',')).sort())
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain('## showings.csv')
  })

  it('has its design in the report, in both languages, and no word of what it does not have', async () => {
    for (const language of ['en', 'de'] as const) {
      const html = await program.services.exports.reportPage(lead, { studyId, language })
      const { design: told, again } = wordsOf(language)
      for (const sentence of [told.repeats(30, 3), told.confidence, told.stacks(8)])
        expect(html).toContain(escaped(sentence))
      for (const sentence of [told.paired, told.rounds(2, 14), again.hidden])
        expect(html).not.toContain(escaped(sentence))
    }
  })

  it('is not written of a plain study', async () => {
    const other = await startProgram()
    try {
      const plain = await openStudy(other, 3)
      for (const reader of ['r1', 'r2', 'r3']) await readAll(other, reader, plain.studyId, () => 2)
      await other.get('lead', 'analysis.seal', { studyId: plain.studyId, incomplete: false })
      const folder = join(place, 'plain')
      await other.services.exports.folderAt(plain.lead, { studyId: plain.studyId, named: false }, folder)
      expect(existsSync(join(folder, 'showings.csv'))).toBe(false)
      const html = await other.services.exports.reportPage(plain.lead, { studyId: plain.studyId })
      expect(html).not.toContain(escaped(wordsOf('en').design.confidence))
    } finally {
      await other.close()
    }
  })
})

const escaped = (text: string): string =>
  text.replaceAll('&', '&#38;').replaceAll('<', '&#60;').replaceAll("'", '&#39;').replaceAll('"', '&#34;')
