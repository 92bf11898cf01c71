import { join } from 'node:path'
import { now } from '../../src/main/store/identity.ts'
import { createStudyWith, startProgram } from '../fixtures/program.ts'
import { writeDiscs } from '../fixtures/discs.ts'
import { expect, test, visit, type Window } from './window.ts'

/** All strings that the page's memory holds, as somebody with a debugger would find them. */
async function memory({ page }: Window): Promise<string> {
  const debug = await page.context().newCDPSession(page)
  const parts: string[] = []
  debug.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => void parts.push(chunk))
  await debug.send('HeapProfiler.enable')
  await debug.send('HeapProfiler.collectGarbage')
  await debug.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
  await debug.detach()
  return parts.join('')
}

const secrets = ['planted-note', 'planted-reason', 'Dr r2', 'Dr r3', 'Dr lead']
const foundIn = (held: string): string[] => secrets.filter((secret) => held.includes(secret))

test('the page’s memory holds nothing of the others for a reader, also after a lead was at the same window', async ({
  data,
  open,
}) => {
  const program = await startProgram(data)
  const folder = join(data, 'made')
  await writeDiscs(folder, 2)
  const { studyId } = await createStudyWith(program, [{ folder, purpose: 'reading' }])
  for (const [index, reader] of ['r2', 'r3'].entries()) {
    let desk = await program.get<{ current: { assignmentId: string } | null }>(reader, 'reading.desk', { studyId })
    while (desk.current)
      desk = await program.get(reader, 'reading.cast', {
        ...{ assignmentId: desk.current.assignmentId, shownAt: now(), worstSlice: 1, note: 'planted-note' },
        ...(index === 0 ? { grade: 5, reason: null } : { grade: null, reason: 'planted-reason' }),
      })
  }
  await program.close()

  const window = await open()
  await window.signIn('r1')
  await window.at('study-open').first().click()
  await window.page.locator('[data-drawn="true"]').waitFor()
  const own = await memory(window)
  expect(own).toContain('Dr r1')
  expect(foundIn(own)).toEqual([])
  await window.page.keyboard.press('Escape')
  await visit(window, '/studies')
  await window.signOut()

  // The search means something: what the lead looks at is found.
  await window.signIn('lead')
  await visit(window, `/studies/${studyId}/overview`)
  await window.at('page-title').waitFor()
  await visit(window, `/studies/${studyId}/setup`)
  await window.page.getByText('Dr r2').first().waitFor()
  expect(foundIn(await memory(window))).toContain('Dr r2')
  await visit(window, '/studies')
  await window.signOut()
  await window.signIn('r1')
  await window.at('study-open').first().waitFor()
  expect(foundIn(await memory(window))).toEqual([])
})
