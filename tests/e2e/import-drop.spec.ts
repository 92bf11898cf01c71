import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ctSlice, dicomFile } from '../fixtures/imaging/dicom.ts'
import { startProgram } from '../fixtures/program.ts'
import { expect, test, type Window } from './window.ts'

/** A series of small slices at the given places along its normal. */
function series(folder: string, positions: readonly number[]): void {
  mkdirSync(folder, { recursive: true })
  positions.forEach((z, i) => {
    const pixels = new Uint8Array(Int16Array.from({ length: 20 }, (_, k) => k * (i + 1) + positions.length).buffer)
    const attributes = { ...ctSlice(4, 5, z), SeriesInstanceUID: `2.25.${positions.length}` }
    writeFileSync(join(folder, `${i}.dcm`), dicomFile({ attributes, pixels }))
  })
}

/** Drops a file or folder of the disk on a part of the page, as from the desktop. */
async function drop(window: Window, name: string, path: string): Promise<void> {
  const box = (await window.at(name).boundingBox())!
  const at = { x: box.x + box.width / 2, y: box.y + box.height - 8 }
  const browser = await window.page.context().newCDPSession(window.page)
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await browser.send('Input.dispatchDragEvent', {
      ...{ type, ...at, data: { items: [], files: [path], dragOperationsMask: 1 } },
    })
}

test('a folder that is dropped is looked at; what is doubtful goes in only when somebody says so', async ({
  data,
  open,
}) => {
  const folder = join(data, 'dropped')
  series(join(folder, 'whole'), [0, 0.5, 1])
  series(join(folder, 'gap'), [0, 0.5, 1.5, 2, 2.5])
  const program = await startProgram(data)
  await program.person('lead', 'lead')
  await program.get('lead', 'studies.create', { title: 'Drop', template: 'hrpqct-motion', readersPerScan: 1 })
  await program.close()

  const window = await open()
  await window.signIn('lead')
  await window.at('study-open').first().click()
  await window.goTo('scans')
  await window.click('import-profile')
  await expect(window.page.getByText('PS3.15')).toBeVisible()
  await window.click('import-profile')
  await drop(window, 'import-drop', folder)
  await window.at('import-doubtful').waitFor()
  await expect(window.at('import-count-new')).toContainText('2')
  await expect(window.at('import-accept')).toContainText('Import one scan')
  await window.at('import-doubtful-take').check()
  await expect(window.at('import-accept')).toContainText('Import 2 scans')
  await window.click('import-accept')
  await window.at('import-done').waitFor()
  await expect(window.at('scan-row').filter({ hasText: '1 slice is missing (after slice 2).' })).toHaveCount(1)

  // Dropped once more, everything is known.
  await drop(window, 'import-drop', folder)
  await expect(window.at('import-count-duplicate')).toContainText('2')
  await expect(window.at('import-doubtful')).toHaveCount(0)
})
