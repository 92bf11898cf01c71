import type { SplitExample } from './example.ts'

const cell = 26
const gap = 4
/** Colours that colour-blind eyes tell apart; a letter stands on each too. */
const colours = { train: '#6aa9d8', test: '#dd6b2f' }

/** Patients' pictures as squares on the side of the split where they lie: rows are patients, one block a protocol. */
export function splitSvg(examples: readonly SplitExample[]): string {
  const left = 70
  const across = examples[0]!.patients[0]!.pictures.length
  const width = left + across * (cell + gap) + 20
  const blockHeight = (patients: number): number => 44 + patients * (cell + gap) + 20
  const parts: string[] = []
  let top = 10
  for (const { protocol, patients, split, all } of examples) {
    const title = protocol === 'leaky' ? 'Leaky protocol: pictures are split' : 'By patient: patients are split'
    parts.push(
      `<text x="10" y="${top + 16}" font-weight="600">${title}</text>`,
      `<text x="10" y="${top + 34}" fill="#555">${split} of ${all} patients lie on both sides</text>`,
    )
    for (const [row, { patient, pictures }] of patients.entries()) {
      const y = top + 44 + row * (cell + gap)
      parts.push(`<text x="10" y="${y + 18}">${patient}</text>`)
      for (const [column, { from, sharpened, test }] of pictures.entries()) {
        const x = left + column * (cell + gap)
        parts.push(
          `<rect x="${x}" y="${y}" width="${cell}" height="${cell}" rx="3" fill="${test ? colours.test : colours.train}"><title>${patient}, ${from}${sharpened ? ', sharpened' : ''}: ${test ? 'test' : 'training'}</title></rect>`,
          `<text x="${x + cell / 2}" y="${y + 18}" text-anchor="middle" fill="#000">${test ? 'T' : 'L'}</text>`,
        )
      }
    }
    top += blockHeight(patients.length)
  }
  const legend = `<text x="10" y="${top + 10}" fill="#555">L: the network learns from it; T: it is tested on it. A row is a patient.</text>`
  const height = top + 24
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="13" fill="#111"><rect width="${width}" height="${height}" fill="#fff"/>${parts.join('')}${legend}</svg>\n`
}
