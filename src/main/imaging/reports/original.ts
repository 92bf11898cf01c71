/** What a PACS says of the examination that a scan came from: a report is filed with it. Kept nowhere. */
export interface Original {
  patient: { name: string; id: string; issuer: string; birthDate: string; sex: string }
  study: { uid: string; date: string; time: string; id: string; accession: string; referring: string }
  series: { uid: string; modality: string; instances: { uid: string; sopClass: string }[] }
}
