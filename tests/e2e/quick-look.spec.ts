import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decode } from 'fast-png'
import { writeDicomSeries } from '../../src/main/imaging/writers/dicom.ts'
import { disc, writeDiscs } from '../fixtures/discs.ts'
import { startProgram } from '../fixtures/program.ts'
import { expect, test, visit, type Window } from './window.ts'

const patient = { name: 'Zyxwutsr^Quirina', id: 'MRN-90210-77' }

/** A draft study at the lead's import table: two scans, the one again, and a file that is none. */
async function atTable(data: string, open: () => Promise<Window>): Promise<Window> {
  const folder = join(data, 'files')
  await writeDiscs(folder, 1)
  const dims = [48, 48, 6] as [number, number, number]
  await writeDicomSeries(join(folder, 'series'), {
    ...{ dims, spacing: [0.082, 0.082, 0.082], voxels: disc(dims, 1), slope: 1, intercept: 0 },
    ...{ patientId: patient.id, patientName: patient.name, studyDate: new Date(0), bodyPart: 'TIBIA' },
    ...{ laterality: 'left', description: patient.name },
  })
  mkdirSync(join(folder, 'bad'))
  writeFileSync(join(folder, 'bad', 'notes.isq'), 'Notes of Tuesday')
  const program = await startProgram(data)
  await program.person('lead', 'lead')
  const { id } = await program.get<{ id: string }>('lead', 'studies.create', {
    ...{ title: 'Motion', template: 'hrpqct-motion', readersPerScan: 1 },
  })
  await program.close()
  const window = await open()
  await window.signIn('lead')
  await visit(window, `/studies/${id}/scans`)
  await window.fill('import-path', folder)
  await window.click('import-look')
  await window.at('import-accept').waitFor()
  return window
}

const staged = (data: string): string[] => {
  const folder = join(data, 'staging')
  return existsSync(folder) ? readdirSync(folder, { recursive: true }).map(String) : []
}

test('a file is looked at before it is imported, by key; a refused one says why; nothing stays', async ({
  data,
  open,
}) => {
  const window = await atTable(data, open)
  const { keyboard } = window.page
  const picture = window.at('quick-look-canvas')
  await window.at('import-quick-look').first().focus()
  await keyboard.press('Enter')
  await expect(picture).toHaveAttribute('data-drawn', 'true')
  expect(staged(data).filter((name) => name.endsWith('.vol'))).toHaveLength(2)

  // Its slices by the viewer's keys, drawn from what the decoder made of it.
  await keyboard.press('Home')
  await expect(picture).toHaveAttribute('data-slice', '0')
  const first = Buffer.from(decode(await picture.screenshot()).data)
  await keyboard.press('End')
  await expect(picture).not.toHaveAttribute('data-slice', '0')
  await window.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
  expect(first.equals(Buffer.from(decode(await picture.screenshot()).data))).toBe(false)
  await expect(window.at('contact-sheet')).toBeVisible()

  // Every file in turn; what a header says of the patient is nowhere.
  const seen: string[] = []
  for (let n = 0; n < 3; n++) {
    const status = (await window.at('quick-look').getAttribute('data-status'))!
    seen.push(status)
    if (status === 'new') {
      await expect(picture).toHaveAttribute('data-drawn', 'true')
      await expect(window.at('quick-look-facts')).toContainText('48 × 48 × 6'.length > 0 ? /\d+ × \d+ × \d+/ : '')
      await expect(window.at('quick-look-facts')).toContainText(/becomes a pseudonym|not named/)
    } else await expect(window.at('quick-look-why')).toContainText(/no format|not a picture|cannot/i)
    const text = await window.at('quick-look').innerText()
    for (const secret of [patient.name, patient.id, 'Quirina']) expect(text).not.toContain(secret)
    await keyboard.press('n')
  }
  expect(seen.sort()).toEqual(['new', 'new', 'refused'])

  // Left out by key; the table knows.
  while ((await window.at('quick-look').getAttribute('data-status')) !== 'new') await keyboard.press('n')
  const box = window.at('quick-look-take')
  await expect(box).toBeChecked()
  await keyboard.press('t')
  await expect(box).not.toBeChecked()
  await keyboard.press('Escape')
  await expect(window.at('quick-look')).toHaveCount(0)
  await expect(window.at('import-quick-look').and(window.page.locator(':focus'))).toHaveCount(1)
  await expect(window.at('import-accept')).toContainText('one scan')

  // Discarded, nothing of what was decoded is left.
  await window.click('import-cancel')
  await expect.poll(() => staged(data)).toEqual([])
  expect(readdirSync(join(data, 'volumes'))).toEqual([])
})
