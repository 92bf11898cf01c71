import type { Code } from './content.ts'

/** Scheme of the concepts that no standard names: what Concord's readers grade (PS3.3 8.2, a private designator begins with 99). */
export const OWN = '99CONCORD'

export const dcm = (value: string, meaning: string): Code => [value, 'DCM', meaning]
export const sct = (value: string, meaning: string): Code => [value, 'SCT', meaning]
export const own = (value: string, meaning: string): Code => [value, OWN, meaning]

/** Modality (CID 29) as the Image Library says it; the procedure reported (SNOMED CT) of the same. */
const modalities: Record<string, { modality: Code; procedure: Code }> = {
  CT: { modality: dcm('CT', 'Computed Tomography'), procedure: sct('77477000', 'Computed tomography') },
  CR: { modality: dcm('CR', 'Computed Radiography'), procedure: sct('168537006', 'Plain radiography') },
  DX: { modality: dcm('DX', 'Digital Radiography'), procedure: sct('168537006', 'Plain radiography') },
  MR: { modality: dcm('MR', 'Magnetic Resonance'), procedure: sct('113091000', 'Magnetic resonance imaging') },
}
export const modalityCode = (modality: string): Code | null => modalities[modality]?.modality ?? null
export const procedureCode = (modality: string): Code => modalities[modality]?.procedure ?? sct('363679005', 'Imaging')

const siteCodes: Record<string, Code> = {
  tibia: sct('12611008', 'Tibia'),
  radius: sct('62413002', 'Radius'),
  calcaneus: sct('80144004', 'Calcaneus'),
}
export const siteCode = (site: string): Code | null => siteCodes[site] ?? null

const sideCodes: Record<string, Code> = { left: sct('7771000', 'Left'), right: sct('24028007', 'Right') }
export const sideCode = (side: string): Code | null => sideCodes[side] ?? null

export const yes = sct('373066001', 'Yes')
export const no = sct('373067005', 'No')
