import { modalityCode, no, own, procedureCode, sct, sideCode, siteCode, dcm, yes } from './codes.ts'
import {
  as,
  codeContent,
  container,
  imageContent,
  numberContent,
  textContent,
  uidContent,
  type Code,
  type Content,
} from './content.ts'
import type { Original } from './original.ts'

/** What a report says of one scan. No pseudonym and no reader: the report names the patient. */
export interface Finding {
  kind: 'grade' | 'rescan'
  /** Of the study's scale. */
  grade: { value: number; word: string }
  /** What tells one scale from another, e.g. "motion". At most ten characters. */
  scale: string
  /** The lowest grade that means "scan again"; null where the scale has none. */
  rescanFrom: number | null
  /** The named rule of the label set, and whether the lead settled this scan. */
  rule: string
  settled: boolean
  site: string
  side: string
  version: string
}

const device = '2.25.173263513276411023218219443318370041842'
const number: Code = ['{grade}', 'UCUM', 'grade']

/**
 * The content tree of a Measurement Report (PS3.16 TID 1500): the pictures that were graded (TID 1600), and one group of
 * qualitative evaluations (TID 1501) with the consensus grade or with the decision to scan again.
 */
export function measurementReport(finding: Finding, original: Original, trackingUid: string): Content {
  const { modality, instances } = original.series
  const kind = modalityCode(modality)
  return container(
    dcm('126000', 'Imaging Measurement Report'),
    as(
      'HAS CONCEPT MOD',
      codeContent(dcm('121049', 'Language of Content Item and Descendants'), ['en-US', 'RFC5646', 'English (US)']),
    ),
    as('HAS OBS CONTEXT', codeContent(dcm('121005', 'Observer Type'), dcm('121007', 'Device'))),
    as('HAS OBS CONTEXT', uidContent(dcm('121012', 'Device Observer UID'), device)),
    as('HAS OBS CONTEXT', textContent(dcm('121013', 'Device Observer Name'), 'Concord')),
    as('HAS OBS CONTEXT', textContent(dcm('121015', 'Device Observer Model Name'), `Concord ${finding.version}`)),
    as('HAS CONCEPT MOD', codeContent(dcm('121058', 'Procedure reported'), procedureCode(modality))),
    as(
      'CONTAINS',
      container(
        dcm('111028', 'Image Library'),
        as(
          'CONTAINS',
          container(
            dcm('126200', 'Image Library Group'),
            ...(kind ? [as('HAS ACQ CONTEXT', codeContent(dcm('121139', 'Modality'), kind))] : []),
            ...instances.map(({ sopClass, uid }) => as('CONTAINS', imageContent(sopClass, uid))),
          ),
        ),
      ),
    ),
    as('CONTAINS', container(dcm('126010', 'Imaging Measurements'), as('CONTAINS', group(finding, trackingUid)))),
  )
}

function group(finding: Finding, trackingUid: string): Content {
  const site = siteCode(finding.site)
  const side = sideCode(finding.side)
  const sided = side ? [as('HAS CONCEPT MOD', codeContent(sct('272741003', 'Laterality'), side))] : []
  return container(
    dcm('125007', 'Measurement Group'),
    as('HAS OBS CONTEXT', textContent(dcm('112039', 'Tracking Identifier'), 'Scan')),
    as('HAS OBS CONTEXT', uidContent(dcm('112040', 'Tracking Unique Identifier'), trackingUid)),
    as(
      'HAS CONCEPT MOD',
      codeContent(sct('370129005', 'Measurement Method'), own('blind-reading', 'Independent blinded visual grading')),
    ),
    ...(site ? [as('HAS CONCEPT MOD', codeContent(sct('363698007', 'Finding Site'), site, ...sided))] : []),
    ...(finding.kind === 'grade' ? grade(finding) : rescan(finding)).map((content) => as('CONTAINS', content)),
  )
}

/** Codes of one scale are told from those of another by its key: "motion-3". */
const gradeCode = ({ scale, grade: { value, word } }: Finding): Code => own(`${scale}-${value}`, `${value} ${word}`)

function grade(finding: Finding): Content[] {
  const how = finding.settled ? own('settled', 'Settled by the lead of the study') : own(finding.rule, finding.rule)
  return [
    codeContent(
      own('consensus-grade', 'Consensus grade'),
      gradeCode(finding),
      as('HAS CONCEPT MOD', codeContent(own('rule', 'How the consensus was found'), how)),
    ),
    numberContent(own('grade', 'Grade'), finding.grade.value, number),
  ]
}

function rescan(finding: Finding): Content[] {
  const from = finding.rescanFrom!
  return [
    codeContent(own('rescan', 'Scan again'), finding.grade.value >= from ? yes : no),
    numberContent(own('rescan-from', 'Lowest grade that means scan again'), from, number),
  ]
}
