import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import dcmjs from 'dcmjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reportFile } from '../../../src/main/imaging/reports/document.ts'
import type { Finding } from '../../../src/main/imaging/reports/measurement-report.ts'
import type { Original } from '../../../src/main/imaging/reports/original.ts'

const original: Original = {
  patient: { name: 'Müller^Änne=山田', id: 'MRN 1', issuer: 'HOSPITAL', birthDate: '19500229', sex: 'F' },
  study: { uid: '1.2.3', date: '20240229', time: '101112.5', id: 'S1', accession: 'A-7', referring: 'Doc^Tor' },
  series: {
    uid: '1.2.3.4',
    modality: 'CT',
    instances: Array.from({ length: 5 }, (_, i) => ({ uid: `1.2.3.4.${i}`, sopClass: '1.2.840.10008.5.1.4.1.1.2' })),
  },
}
const finding: Finding = {
  ...{ kind: 'grade', grade: { value: 4, word: 'severe' }, scale: 'motion', rescanFrom: 4, rule: 'majority' },
  ...{ settled: false, site: 'tibia', side: 'left', version: '1.2.3' },
}
const named = { key: 'label set 1, scan 2', at: new Date(2026, 0, 2, 3, 4, 5) }
const make = (some: Partial<Finding> = {}, of: Original = original) => reportFile({ ...finding, ...some }, of, named)
let folder: string
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'concord-sr-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function run(program: string, args: string[], bytes: Buffer): { status: number | null; text: string } {
  const file = join(folder, 'report.dcm')
  writeFileSync(file, bytes)
  const { status, stdout, stderr } = spawnSync(program, [...args, file], { encoding: 'utf8' })
  return { status, text: `${stdout}${stderr}` }
}
const variants: [string, Partial<Finding>, Original][] = [
  ['a grade', {}, original],
  ['a settled grade', { settled: true }, original],
  ['a decision to scan again', { kind: 'rescan' }, original],
  ['a decision not to', { kind: 'rescan', grade: { value: 3, word: 'moderate' } }, original],
  ['an own scale with long words', { scale: 's1a2b3c4d', grade: { value: 12, word: 'ä'.repeat(60) } }, original],
  ['no site and no side', { site: 'other', side: 'unknown' }, original],
  ['a radiograph', { site: 'calcaneus' }, { ...original, series: { ...original.series, modality: 'DX' } }],
  [
    'a PACS that says little',
    {},
    {
      patient: { name: '', id: '', issuer: '', birthDate: '', sex: '' },
      study: { uid: '1.2.3', date: '', time: '', id: '', accession: '', referring: '' },
      series: { ...original.series, modality: 'OT' },
    },
  ],
]

describe('a report', () => {
  for (const [what, some, of] of variants) {
    it.skipIf(!existsSync('/usr/bin/dciodvfy'))(
      `of ${what} is in order for dciodvfy (skipped where there is no dicom3tools)`,
      () => {
        const { text } = run('/usr/bin/dciodvfy', [], make(some, of).bytes)
        expect(text).toContain('ComprehensiveSR')
        expect(text.split('\n').filter((line) => /^Error/.test(line))).toEqual([])
      },
    )
    it.skipIf(!existsSync('/usr/bin/dsrdump'))(
      `of ${what} is read by dsrdump (skipped where there is no dcmtk)`,
      () => {
        const { status, text } = run('/usr/bin/dsrdump', ['+U8'], make(some, of).bytes)
        // What it says of UTF-8 is about itself.
        const complaints = text.split('\n').filter((line) => /^(E|W|F):/.test(line) && !line.includes('VR checker'))
        expect(complaints).toEqual([])
        expect(status).toBe(0)
        expect(text).toContain('Imaging Measurement Report')
      },
    )
  }

  it('says the grade, the rule and the place, as dcmjs reads it', () => {
    const { dict } = dcmjs.data.DicomMessage.readFile(Uint8Array.from(make().bytes).buffer)
    const set = dcmjs.data.DicomMetaDictionary.naturalizeDataset(dict)
    expect(set).toMatchObject({ PatientID: 'MRN 1', IssuerOfPatientID: 'HOSPITAL', StudyInstanceUID: '1.2.3' })
    expect(String((set['PatientName'] as { Alphabetic: string }[])[0]!.Alphabetic)).toBe('Müller^Änne')
    const flat = JSON.stringify(set)
    for (const word of ['motion-4', '4 severe', 'majority', 'Tibia', 'Left', '1.2.3.4.4', '99CONCORD', '1500'])
      expect(flat).toContain(word)
    expect(flat).not.toContain('373066001')
  })

  it('decides by the cut', () => {
    const answer = (value: number) => make({ kind: 'rescan', grade: { value, word: 'x' } }).bytes.toString('latin1')
    expect(answer(4)).toContain('373066001')
    expect(answer(5)).toContain('373066001')
    expect(answer(3)).toContain('373067005')
  })

  it('made again is the same, byte for byte; another key or kind is another instance', () => {
    expect(make()).toEqual(make())
    const uids = [make().uid, make({ kind: 'rescan' }).uid, reportFile(finding, original, { ...named, key: 'b' }).uid]
    expect(new Set(uids).size).toBe(3)
    for (const uid of uids) expect(uid).toMatch(/^2\.25\.[1-9]\d{0,38}$/)
  })
})
