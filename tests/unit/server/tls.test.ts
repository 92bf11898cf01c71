import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseAddress } from '../../../src/main/store/server/address.ts'
import { lookAtServer } from '../../../src/main/store/server/look.ts'
import { startServer, type TestServer } from '../../fixtures/postgres.ts'

// Certificates are made by openssl, as a department makes its own.
const openssl = spawnSync('openssl', ['version']).status === 0

describe.skipIf(!openssl)('the connection to a department’s server (skipped where there is no openssl)', () => {
  let folder: string
  let server: TestServer
  const file = (name: string): string => join(folder, name)
  const run = (...args: string[]): void => {
    const { status, stderr } = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' })
    if (status !== 0) throw new Error(stderr)
  }
  const authority = (name: string): void =>
    run(
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${name}`].concat(
        ...[['-keyout', `${name}.key`, '-out', `${name}.pem`]],
      ),
    )

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'concord-tls-'))
    authority('own')
    authority('other')
    writeFileSync(file('names'), 'subjectAltName=DNS:localhost\n')
    run('req', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=server', '-keyout', 'server.key', '-out', 'server.csr')
    run(
      ...['x509', '-req', '-in', 'server.csr', '-CA', 'own.pem', '-CAkey', 'own.key', '-CAcreateserial', '-days', '2'],
      ...['-extfile', 'names', '-out', 'server.pem'],
    )
    const read = (name: string): string => readFileSync(file(name), 'utf8')
    server = await startServer({ tls: { certificate: read('server.pem'), key: read('server.key') } })
    await server.database({ name: 'department' })
  })
  afterAll(async () => {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const look = (host: string, ca?: string) => {
    const address = `postgres://concord@${host}:${server.port}/department?sslmode=verify-full`
    const url = ca === undefined ? address : `${address}&sslrootcert=${encodeURIComponent(file(ca))}`
    return lookAtServer({ address: parseAddress(url), password: server.password })
  }

  it('is encrypted where the certificate names the server and its authority is known', async () => {
    expect(await look('localhost', 'own.pem')).toMatchObject({ encrypted: true, holds: 'nothing' })
  })

  it.each([
    ['whose authority nobody knows', 'localhost', undefined],
    ['signed by another authority', 'localhost', 'other.pem'],
    ['that names another server', '127.0.0.1', 'own.pem'],
    ['without the authority’s file', 'localhost', 'none.pem'],
  ])('is refused with a certificate %s', async (_, host, ca) => {
    await expect(look(host, ca)).rejects.toMatchObject({ code: 'database-tls' })
  })
})
