import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Job } from '../../../src/preload/contract/jobs.ts'
import { startHostile, type Hostile } from '../../fixtures/pacs/hostile.ts'
import { startProgram, type Program } from '../../fixtures/program.ts'

let archive: Hostile
let program: Program
let pacsId: string
let studyId: string
const json = { 'content-type': 'application/dicom+json' }

beforeAll(async () => {
  archive = await startHostile()
  program = await startProgram()
  await program.person('admin')
  await program.person('lead', 'lead')
  await program.person('other', 'lead')
  const place = { id: null, name: 'Archive', url: archive.url, auth: 'none', plain: false, credential: null }
  pacsId = (await program.get<{ id: string }>('admin', 'pacs.save', place)).id
  const made = { title: 'From the archive', template: 'hrpqct-motion', readersPerScan: 1 }
  studyId = (await program.get<{ id: string }>('lead', 'studies.create', made)).id
})
afterAll(async () => {
  await program?.close()
  await archive?.close()
})

/** The archive's next request hangs, before its answer or in it; resolves with the answer that it does not go on with. */
const hung = (inAnswer: boolean): Promise<ServerResponse> =>
  new Promise((resolve) => {
    archive.answer = (_request, response) => {
      if (inAnswer) response.writeHead(200, json).write('[{"0020')
      resolve(response)
    }
  })
const stop = (desk: string) => program.get(desk, 'pacs.stop', { pacsId })
const search = { criteria: {}, offset: 0 }

describe('a person who does not wait for an archive any longer', () => {
  it.each([
    ['a search', 'pacs.search', false],
    ['a search', 'pacs.search', true],
    ['the series of a study', 'pacs.series', true],
    ['a test', 'pacs.test', false],
  ] as const)('ends %s in the program too (%s, in its answer: %s)', async (_what, channel, inAnswer) => {
    const hanging = hung(inAnswer)
    const wanted = {
      ...{ 'pacs.search': search, 'pacs.series': { studyId, studyUid: '1.2.3' }, 'pacs.test': {} }[channel],
      pacsId,
    }
    const asked = program.ask('lead', channel, wanted)
    const gone = once(await hanging, 'close')
    await stop('lead')
    expect(await asked).toMatchObject({ ok: false, error: { code: 'cancelled' } })
    // The connection itself is closed.
    await gone
  })

  it('ends nobody else’s, and nothing that is asked later', async () => {
    const hanging = hung(false)
    const asked = program.ask('lead', 'pacs.test', { pacsId })
    const response = await hanging
    await stop('other')
    response.writeHead(200, json).end('[]')
    expect(await asked).toEqual({ ok: true, value: { studies: false } })
    await stop('lead')
    archive.answer = (_request, answered) => answered.writeHead(200, json).end('[]')
    expect(await program.get('lead', 'pacs.test', { pacsId })).toEqual({ studies: false })
  })

  it('stops fetching in the middle of a picture: nothing of it is imported or left over', async () => {
    const hanging = new Promise<ServerResponse>((resolve) => {
      archive.answer = (request, response) => {
        const last = request.url!.split('?')[0]!.split('/').at(-1)
        const tag = (vr: string, value: string) => ({ vr, Value: [value] })
        const listed = { '00080018': tag('UI', '1.2.3.4.5'), '00080016': tag('UI', '1.2.840.10008.5.1.4.1.1.2') }
        if (last === 'instances') return void response.writeHead(200, json).end(JSON.stringify([listed]))
        response.writeHead(200, { 'content-type': 'multipart/related; type="application/dicom"; boundary=b' })
        response.write('--b\r\nContent-Type: application/dicom\r\n\r\nhalf a pic')
        resolve(response)
      }
    })
    const series = [{ studyUid: '1.2.3', uid: '1.2.3.4', instances: 1, label: 'Scan' }]
    const { jobId, previewId } = await program.get<{ jobId: string; previewId: string }>('lead', 'pacs.retrieve', {
      ...{ pacsId, studyId, series },
    })
    const gone = once(await hanging, 'close')
    await program.get('lead', 'jobs.cancel', { jobId })
    await gone
    await expect
      .poll(async () => (await program.get<Job[]>('lead', 'jobs.list')).find(({ id }) => id === jobId)?.state)
      .toBe('cancelled')
    expect(await program.db.selectFrom('scan').selectAll().execute()).toEqual([])
    await program.get('lead', 'pacs.discard', { previewId })
    const left = existsSync(program.folders.volumes) ? readdirSync(program.folders.volumes, { recursive: true }) : []
    expect(left).toEqual([])
  })
})
