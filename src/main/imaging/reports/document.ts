import { EXPLICIT_LITTLE_ENDIAN } from '../writers/dicom.ts'
import { text } from '../writers/dicom-common.ts'
import { encodeElements, encodeFile, type Element } from '../writers/dicom-elements.ts'
import { uidsFrom } from '../writers/dicom-uid.ts'
import { OWN } from './codes.ts'
import { reference, sequence, type Content } from './content.ts'
import { measurementReport, type Finding } from './measurement-report.ts'
import type { Original } from './original.ts'

const COMPREHENSIVE_SR = '1.2.840.10008.5.1.4.1.1.88.33'

/**
 * A finding as a DICOM file: Comprehensive SR (PS3.3 A.35.3) by template 1500, in the patient's own study.
 * @param key what tells this report from every other: its UIDs come from it, so that the same report made again is the same
 *   instance and a PACS files it once
 * @param at when the label set was frozen: the time of the content
 */
export function reportFile(
  finding: Finding,
  original: Original,
  { key, at }: { key: string; at: Date },
): { uid: string; bytes: Buffer } {
  const uid = uidsFrom({ report: key }, new Uint8Array(0))
  const instance = uid(finding.kind)
  const content = measurementReport(finding, original, uid('tracking'))
  const elements = [
    ...modules(finding, original, uid('series'), instance, at),
    ...content,
    sequence(0x0040a504, [text(0x00080105, 'CS', 'DCMR'), text(0x0040db00, 'CS', '1500')]),
  ]
  const bytes = encodeFile(COMPREHENSIVE_SR, instance, EXPLICIT_LITTLE_ENDIAN, encodeElements(elements))
  return { uid: instance, bytes }
}

/** Everything around the content: patient, study, series, equipment, document (PS3.3 A.35.3-1). */
function modules(finding: Finding, original: Original, series: string, instance: string, at: Date): Content {
  const { patient, study } = original
  const [date, time] = [day(at), clock(at)]
  const title = finding.kind === 'grade' ? 'Concord consensus grade' : 'Concord re-scan decision'
  return [
    text(0x00080005, 'CS', 'ISO_IR 192'),
    text(0x00080016, 'UI', COMPREHENSIVE_SR),
    text(0x00080018, 'UI', instance),
    text(0x00080020, 'DA', study.date),
    text(0x00080021, 'DA', date),
    text(0x00080023, 'DA', date),
    text(0x00080030, 'TM', study.time),
    text(0x00080031, 'TM', time),
    text(0x00080033, 'TM', time),
    text(0x00080050, 'SH', study.accession),
    text(0x00080060, 'CS', 'SR'),
    text(0x00080070, 'LO', 'Concord'),
    text(0x00080090, 'PN', study.referring),
    sequence(0x00080110, [
      text(0x00080102, 'SH', OWN),
      text(0x00080115, 'ST', 'Concord'),
      text(0x00080116, 'ST', 'The Concord authors'),
    ]),
    text(0x0008103e, 'LO', 'Concord reports'),
    text(0x00081090, 'LO', 'Concord'),
    sequence(0x00081111),
    text(0x00100010, 'PN', patient.name),
    text(0x00100020, 'LO', patient.id),
    ...(patient.issuer ? [text(0x00100021, 'LO', patient.issuer)] : []),
    text(0x00100030, 'DA', patient.birthDate),
    text(0x00100040, 'CS', patient.sex),
    text(0x00181000, 'LO', '1'),
    text(0x00181020, 'LO', finding.version),
    text(0x0020000d, 'UI', study.uid),
    text(0x0020000e, 'UI', series),
    text(0x00200010, 'SH', study.id),
    text(0x00200011, 'IS', '9900'),
    text(0x00200013, 'IS', finding.kind === 'grade' ? '1' : '2'),
    sequence(0x0040a372),
    evidence(original),
    text(0x0040a491, 'CS', 'COMPLETE'),
    text(0x0040a492, 'LO', title),
    text(0x0040a493, 'CS', 'UNVERIFIED'),
  ]
}

/** Current Requested Procedure Evidence: every instance the content refers to (PS3.3 C.17.2.3). */
function evidence({ study, series }: Original): Element {
  const instances = series.instances.map(({ sopClass, uid }) => reference(sopClass, uid))
  const one = [sequence(0x00081199, ...instances), text(0x0020000e, 'UI', series.uid)]
  return sequence(0x0040a375, [sequence(0x00081115, one), text(0x0020000d, 'UI', study.uid)])
}

const two = (value: number): string => String(value).padStart(2, '0')
const day = (at: Date): string => `${at.getFullYear()}${two(at.getMonth() + 1)}${two(at.getDate())}`
const clock = (at: Date): string => `${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}`
