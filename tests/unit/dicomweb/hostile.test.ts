import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createClient, type Client, type Limits } from '../../../src/main/dicomweb/client.ts'
import { searchStudies, type Criteria } from '../../../src/main/dicomweb/query.ts'
import { retrieveSeries } from '../../../src/main/dicomweb/retrieve.ts'
import { storeInstance } from '../../../src/main/dicomweb/store.ts'
import { ctSlice, dicomFile } from '../../fixtures/imaging/dicom.ts'
import { startHostile, type Hostile } from '../../fixtures/pacs/hostile.ts'

const any: Criteria = { patientId: '', patientName: '', from: null, to: null, modality: '', description: '' }
const secret = 'a-token-nobody-may-see'
let server: Hostile
let client: Client
let folder: string

function connect(limits: Partial<Limits> = {}): Client {
  client?.close()
  const few = { silenceMs: 30_000, answerMs: 60_000, jsonBytes: 200_000, instanceBytes: 300_000 }
  client = createClient(
    { url: server.url, ca: null, plain: false },
    { kind: 'token', token: secret },
    { ...few, ...limits },
  )
  return client
}
beforeEach(async () => {
  server = await startHostile()
  folder = mkdtempSync(join(tmpdir(), 'concord-hostile-'))
  connect()
})
afterEach(async () => {
  client.close()
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

const json = 'application/dicom+json'
function say(response: ServerResponse, type: string, body: string | Buffer, status = 200): void {
  response.writeHead(status, { 'content-type': type }).end(body)
}
const search = () => searchStudies(client, any, { offset: 0, limit: 10 })

describe('a PACS that is searched', () => {
  const cases: [string, string, (response: ServerResponse) => void][] = [
    ['hangs before it answers', 'pacs-timeout', () => undefined],
    ['hangs in its answer', 'pacs-timeout', (r) => void r.writeHead(200, { 'content-type': json }).write('[{"0020')],
    ['answers a web page', 'pacs-answer', (r) => say(r, 'text/html', '<html>Welcome</html>')],
    ['answers a web page as JSON', 'pacs-answer', (r) => say(r, json, '<html>Welcome</html>')],
    ['answers JSON that is no DICOM', 'pacs-answer', (r) => say(r, json, '[1,2,3]')],
    ['answers without a type', 'pacs-answer', (r) => r.end('[]')],
    ['answers in half', 'pacs-answer', (r) => say(r, json, '[{"0020000D":{"vr":"UI","Val')],
    [
      'breaks off in its answer',
      'pacs-broken-off',
      (r) => {
        r.writeHead(200, { 'content-type': json, 'content-length': 5000 }).write('[{"00')
        setTimeout(() => r.destroy(), 10)
      },
    ],
    ['breaks off at once', 'pacs-broken-off', (r) => void r.destroy()],
    ['answers in no HTTP', 'pacs-answer', (r) => void r.socket!.end('220 welcome to this mail server\r\n')],
    ['answers without end', 'pacs-too-large', (r) => endless(r, json, '{"00100010":{"vr":"PN"}},')],
    ['sends elsewhere', 'pacs-redirect', (r) => r.writeHead(302, { location: `${server.url}/elsewhere` }).end()],
    ['wants another credential', 'pacs-credential', (r) => say(r, json, '', 401)],
    ['does not allow it', 'pacs-forbidden', (r) => say(r, json, '', 403)],
    ['does not know the address', 'pacs-not-found', (r) => say(r, 'text/plain', 'no', 404)],
    ['fails', 'pacs-failing', (r) => say(r, 'text/plain', 'no', 500)],
    ['refuses the question', 'pacs-refused', (r) => say(r, 'text/plain', 'no', 400)],
  ]
  for (const [what, code, answer] of cases)
    it(`and ${what}: ${code}`, async () => {
      if (code === 'pacs-timeout') connect({ silenceMs: 150 })
      server.answer = (_request, response) => answer(response)
      const error = await search().then(
        () => null,
        (reason: unknown) => reason as Error & { code: string },
      )
      expect(error).toMatchObject({ code })
      expect(error!.message).toMatch(/^[A-Z].{20,}[.?]$/)
      expect(error!.message).not.toContain(secret)
      expect(error!.message).not.toContain('127.0.0.1')
      // Not a second time, and nowhere else. Where all that is asked is for how long, a busy machine may not have come to the first.
      if (code === 'pacs-timeout') expect(server.asked.length).toBeLessThanOrEqual(1)
      else expect(server.asked).toHaveLength(1)
    })

  it('and is gone: pacs-unreachable', async () => {
    await server.close()
    await expect(search()).rejects.toMatchObject({ code: 'pacs-unreachable' })
    server = await startHostile()
  })

  it('gets the token with each request, and the question as text', async () => {
    server.answer = (_request, response) => void response.writeHead(204).end()
    expect(await searchStudies(client, { ...any, patientName: 'A+B é' }, { offset: 5, limit: 10 })).toEqual([])
    expect(server.asked[0]!.authorization).toBe(`Bearer ${secret}`)
    expect(server.asked[0]!.path).toContain('PatientName=*A%2BB%20%C3%A9*')
  })

  it('and gives fields that are none, which are left out', async () => {
    const study = (uid: unknown, id: unknown) => ({
      '0020000D': { vr: 'UI', Value: [uid] },
      '00100020': { vr: 'LO', Value: [id] },
      '00100010': { vr: 'PN', Value: 'not a list' },
      '00080020': { vr: 'DA', Value: ['tomorrow'] },
      '00201208': { vr: 'IS', Value: [-4] },
    })
    const list = [
      study('../../etc', 'a'),
      study('1.2.3', 'b\u0000\n<b>'),
      study({ x: 1 }, 'c'),
      study('1'.repeat(65), 'd'),
    ]
    server.answer = (_request, response) => say(response, json, JSON.stringify(list))
    expect(await search()).toEqual([
      expect.objectContaining({ uid: '1.2.3', patientId: 'b<b>', patientName: '', date: null, instances: null }),
    ])
  })

  it('can be left at any time', async () => {
    server.answer = () => undefined
    const abort = new AbortController()
    const asked = searchStudies(connect({ silenceMs: 60_000 }), any, { offset: 0, limit: 1 }, abort.signal)
    setTimeout(() => abort.abort(), 20)
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' })
  })
})

/** Sends the same again and again until the other side has had enough. */
function endless(response: ServerResponse, type: string, text: string | Buffer): void {
  response.writeHead(200, { 'content-type': type })
  response.write('[')
  const more = (): void => {
    while (!response.destroyed && response.write(text));
  }
  response.on('drain', more)
  more()
}

const uids = ['1.2.3.1', '1.2.3.2', '1.2.3.3']
const fileOf = (uid: string): Buffer =>
  dicomFile({ attributes: { ...ctSlice(64, 64), SOPInstanceUID: uid }, pixels: new Uint8Array(8192) })
const parts = (boundary: string) => `multipart/related; type="application/dicom"; boundary="${boundary}"`
function multipart(
  bytes: Buffer,
  said: number | null = bytes.length,
  close = true,
  type = 'application/dicom',
): Buffer {
  const length = said === null ? '' : `Content-Length: ${said}\r\n`
  return Buffer.concat([
    Buffer.from(`a preamble\r\n--b\r\nContent-Type: ${type}\r\n${length}\r\n`),
    bytes,
    Buffer.from(close ? '\r\n--b--\r\n' : ''),
  ])
}
const sound = (response: ServerResponse, uid: string): void => say(response, parts('b'), multipart(fileOf(uid)))
const list = (response: ServerResponse): void =>
  say(response, json, JSON.stringify(uids.map((uid) => ({ '00080018': { vr: 'UI', Value: [uid] } }))))
const wanted = { studyUid: '1.2', seriesUid: '1.2.3', instances: 3 }
const retrieve = () => retrieveSeries(client, wanted, folder, {})

/** Lists the series; answers the second picture in the test's own way. */
function serve(second: (response: ServerResponse) => void): void {
  server.answer = (request, response) => {
    const path = new URL(request.url!, 'http://x').pathname
    const uid = path.split('/').at(-1)!
    if (uid === 'instances') list(response)
    else if (uid === uids[1]) second(response)
    else sound(response, uid)
  }
}

describe('a PACS that pictures are fetched from', () => {
  const [, uid = ''] = uids
  const whole = fileOf(uid)
  const cases: [string, string, (response: ServerResponse) => void][] = [
    ['hangs', 'pacs-timeout', () => undefined],
    [
      'hangs in the middle',
      'pacs-timeout',
      (r) => void r.writeHead(200, { 'content-type': parts('b') }).write(multipart(whole).subarray(0, 4000)),
    ],
    [
      'dies in the middle',
      'pacs-broken-off',
      (r) => {
        r.writeHead(200, { 'content-type': parts('b'), 'content-length': 9000 }).write(
          multipart(whole).subarray(0, 4000),
        )
        setTimeout(() => r.destroy(), 10)
      },
    ],
    ['ends too early', 'pacs-truncated', (r) => say(r, parts('b'), multipart(whole, null, false))],
    [
      'ends in a boundary',
      'pacs-truncated',
      (r) => say(r, parts('b'), Buffer.concat([multipart(whole, null, false), Buffer.from('\r\n--b')])),
    ],
    ['says too short a length', 'pacs-answer', (r) => say(r, parts('b'), multipart(whole, 100))],
    ['says too long a length', 'pacs-answer', (r) => say(r, parts('b'), multipart(whole, 1e12))],
    ['uses another boundary', 'pacs-truncated', (r) => say(r, parts('another'), multipart(whole))],
    ['names no boundary', 'pacs-answer', (r) => say(r, 'multipart/related', multipart(whole))],
    ['sends a web page', 'pacs-answer', (r) => say(r, 'text/html', '<html>')],
    ['sends a web page as a part', 'pacs-answer', (r) => say(r, parts('b'), multipart(whole, null, true, 'text/html'))],
    ['sends no part at all', 'pacs-truncated', (r) => say(r, parts('b'), '--b--\r\n')],
    ['sends another picture', 'pacs-wrong-instance', (r) => sound(r, '1.2.3.9')],
    ['sends no DICOM', 'pacs-wrong-instance', (r) => say(r, 'application/dicom', Buffer.alloc(5000))],
    ['sends a header without end', 'pacs-answer', (r) => endless(r, parts('b'), `--b\r\n${'x: y\r\n'.repeat(10)}`)],
    ['sends without end', 'pacs-too-large', (r) => endless(r, 'application/dicom', Buffer.alloc(5000))],
    [
      'sends a part without end',
      'pacs-too-large',
      (r) => {
        r.writeHead(200, { 'content-type': parts('b') }).write('--b\r\nContent-Type: application/dicom\r\n\r\n')
        const more = (): void => {
          while (!r.destroyed && r.write(Buffer.alloc(5000)));
        }
        r.on('drain', more)
        more()
      },
    ],
    ['sends elsewhere', 'pacs-redirect', (r) => r.writeHead(307, { location: 'http://127.0.0.1:1/' }).end()],
    ['has lost it', 'pacs-not-found', (r) => say(r, 'text/plain', '', 404)],
    ['fails', 'pacs-failing', (r) => say(r, 'text/plain', '', 503)],
  ]
  for (const [what, code, second] of cases)
    it(`and ${what}: ${code}; what is whole stays, and it goes on from there`, async () => {
      serve(second)
      if (code === 'pacs-timeout') connect({ silenceMs: 150 })
      await expect(retrieve()).rejects.toMatchObject({ code })
      connect()
      const left = readdirSync(folder)
      expect(left.every((name) => name.endsWith('.dcm'))).toBe(true)
      for (const name of left)
        expect(uids.some((one) => readFileSync(join(folder, name)).equals(fileOf(one)))).toBe(true)
      serve((response) => sound(response, uid))
      const before = server.asked.length
      expect(await retrieve()).toBe(3)
      // The list, and what was missing.
      expect(server.asked.length - before).toBe(1 + 3 - left.length)
      expect(
        readdirSync(folder)
          .map((name) => readFileSync(join(folder, name)).toString('base64'))
          .sort(),
      ).toEqual(uids.map((one) => fileOf(one).toString('base64')).sort())
    })

  it('and lists fewer pictures than it counts: pacs-incomplete', async () => {
    serve((response) => sound(response, uid))
    const counted = retrieveSeries(client, { ...wanted, instances: 4 }, folder, {})
    await expect(counted).rejects.toMatchObject({ code: 'pacs-incomplete' })
    expect(readdirSync(folder)).toEqual([])
  })

  it('and knows no asterisk for the transfer syntax is asked without', async () => {
    server.answer = (request, response) => {
      const last = new URL(request.url!, 'http://x').pathname.split('/').at(-1)!
      if (last === 'instances') list(response)
      else if (request.headers.accept!.includes('*')) response.writeHead(406).end('no')
      else sound(response, last)
    }
    expect(await retrieve()).toBe(3)
  })

  it('whose parts come in pieces of any size gives the same bytes', async () => {
    for (const size of [1, 3, 7, 64, 1000]) {
      serve((response) => {
        response.writeHead(200, { 'content-type': parts('b') })
        const bytes = multipart(whole)
        const next = (at: number): void => {
          if (at >= bytes.length) return void response.end()
          response.write(bytes.subarray(at, at + size))
          // Bytes around the boundaries one by one, the middle at once.
          const jump = at > 200 && at < bytes.length - 200 ? bytes.length - 150 - at : size
          if (jump > size) response.write(bytes.subarray(at + size, at + jump))
          setImmediate(next, at + Math.max(jump, size))
        }
        next(0)
      })
      expect(await retrieve()).toBe(3)
      const got = readdirSync(folder).map((name) => readFileSync(join(folder, name)))
      expect(got.some((bytes) => bytes.equals(whole))).toBe(true)
      rmSync(folder, { recursive: true })
    }
  })
})

describe('a PACS that is given a report', () => {
  const reply = (tag: string, reason?: number) => ({
    [tag]: {
      vr: 'SQ',
      Value: [
        {
          '00081155': { vr: 'UI', Value: ['1.2.3'] },
          ...(reason === undefined ? {} : { '00081197': { vr: 'US', Value: [reason] } }),
        },
      ],
    },
  })
  const store = (): Promise<void> => storeInstance(client, Buffer.from('the report'), '1.2.3')
  const answer = (status: number, body: unknown) => {
    server.answer = (_request, response) => say(response, json, JSON.stringify(body), status)
  }

  it('takes it, or has it already', async () => {
    answer(200, reply('00081199'))
    await store()
    expect(server.asked[0]!.body.toString()).toMatch(
      /^--(concord-\w+)\r\nContent-Type: application\/dicom\r\nContent-Length: 10\r\n\r\nthe report\r\n--\1--\r\n$/,
    )
    answer(409, reply('00081198', 0x0111))
    await store()
  })

  it('refuses it, says nothing of it, or takes another', async () => {
    answer(409, reply('00081198', 0xa700))
    await expect(store()).rejects.toMatchObject({
      code: 'pacs-not-stored',
      message: expect.stringContaining('a700H') as string,
    })
    answer(200, {})
    await expect(store()).rejects.toMatchObject({ code: 'pacs-not-stored' })
    answer(200, JSON.parse(JSON.stringify(reply('00081199')).replace('1.2.3', '1.2.4')))
    await expect(store()).rejects.toMatchObject({ code: 'pacs-not-stored' })
    answer(403, {})
    await expect(store()).rejects.toMatchObject({ code: 'pacs-forbidden' })
  })
})

describe('an address', () => {
  const connectTo = (url: string, plain = false) => createClient({ url, ca: null, plain }, { kind: 'none' }).close()
  it('is https, or this machine; plain HTTP elsewhere only where somebody allows it', () => {
    for (const url of [
      'https://pacs.example/dicom-web',
      'http://localhost:8042/',
      'http://127.1.2.3/x',
      'http://[::1]:80/',
    ])
      expect(() => connectTo(url)).not.toThrow()
    for (const url of ['http://pacs.example/', 'http://127.0.0.1.example.com/', 'http://localhost.example/'])
      expect(() => connectTo(url)).toThrow(expect.objectContaining({ code: 'pacs-plain' }))
    expect(() => connectTo('http://pacs.example/', true)).not.toThrow()
    for (const url of ['pacs', 'ftp://pacs/', 'file:///etc/passwd', 'https://a:b@pacs/', 'https://pacs/?x=1', ''])
      expect(() => connectTo(url)).toThrow(expect.objectContaining({ code: 'pacs-url' }))
  })
})
