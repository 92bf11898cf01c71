import type { DataSet } from 'dicom-parser'
import { siteOfWords } from '../site.ts'
import type { VolumeMeta } from '../volume.ts'
import type { DicomHeader } from './header.ts'

/** What the file says of patient and study. */
export function dicomMeta({ dataset, seriesUid }: DicomHeader): VolumeMeta {
  const text = (tag: string) => decode(dataset, tag)
  const [patientName, patientId] = [text('x00100010'), text('x00100020')]
  const [issuer, study] = [text('x00100021'), text('x0020000d')]
  const date = dateOf(dataset)
  const words = [text('x00180015'), text('x0008103e'), text('x00081030'), text('x00181030')].join(' ')
  const laterality = text('x00200060') || text('x00200062')
  const found = siteOfWords(words)
  const side = laterality === 'L' ? 'left' : laterality === 'R' ? 'right' : found.side
  const description = text('x0008103e')
  return {
    ...(patientName ? { patientName } : {}),
    ...(patientId ? { patientId } : {}),
    patientKey: patientKeyOf({ patientId, patientName, issuer, study }),
    ...(date ? { studyDate: date } : {}),
    ...(found.site ? { site: found.site } : {}),
    ...(side ? { side } : {}),
    ...(study ? { studyInstanceUID: study } : {}),
    ...(seriesUid ? { seriesInstanceUID: seriesUid } : {}),
    ...(description ? { description } : {}),
  }
}

/** Tells one patient from another: without an identifier the name stands for the patient, without a name the study. */
export function patientKeyOf(said: { patientId: string; patientName: string; issuer: string; study: string }): string {
  const { patientId, patientName, issuer, study } = said
  if (patientId || patientName) return `dicom:${issuer}:${patientId || patientName}`
  return study ? `study:${study}` : ''
}

/** What the values are measured in: Rescale Type where given, Hounsfield for CT without it (PS3.3 C.8.2.1, C.11.1.1.2). */
export function unitOf({ dataset, rescaleType, modality, sopClass, frames }: DicomHeader): string {
  const type = rescaleType.trim()
  if (/^HU(_MOD)?$/i.test(type)) return 'HU'
  if (/mg\s*HA\s*\/\s*(ccm|cm3)/i.test(type)) return 'mgHA/cm3'
  if (type !== '' && !/^(US|UNSPECIFIED|NORMALIZED)$/i.test(type)) return type
  if (sopClass === '1.2.840.10008.5.1.4.1.1.481.2') return dataset.string('x30040002') === 'GY' ? 'Gy' : 'raw'
  const rescaled = dataset.elements['x00281052'] !== undefined || frames.some((f) => f.slope !== 1 || f.intercept !== 0)
  return modality === 'CT' && rescaled && type === '' ? 'HU' : 'raw'
}

function dateOf(dataset: DataSet): string | undefined {
  const date = /^(\d{4})\.?(\d\d)\.?(\d\d)$/.exec(
    (dataset.string('x00080020') ?? dataset.string('x00080022') ?? '').trim(),
  )
  return date ? `${date[1]}-${date[2]}-${date[3]}` : undefined
}

/** Text in the file's character set where it is UTF-8 or a Chinese one, else Latin-1 (PS3.5 6.1.2). */
function decode(dataset: DataSet, tag: string): string {
  const element = dataset.elements[tag]
  if (!element || element.length === 0 || element.dataOffset + element.length > dataset.byteArray.length) return ''
  const bytes = dataset.byteArray.subarray(element.dataOffset, element.dataOffset + element.length)
  const set = dataset.string('x00080005') ?? ''
  const label = set.includes('192') ? 'utf-8' : /GB18030|GBK/.test(set) ? 'gb18030' : 'latin1'
  return new TextDecoder(label).decode(bytes).replace(/\0/g, '').trim()
}
