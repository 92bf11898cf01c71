import { describe, expect, it } from 'vitest'
import { addressText, parseAddress } from '../../../src/main/store/server/address.ts'

describe('the address of a department’s database', () => {
  it.each([
    ['postgres://reader@db.clinic.example/concord', { host: 'db.clinic.example', port: 5432, tls: true }],
    ['postgresql://a%40b@10.1.2.3:6000/x', { user: 'a@b', port: 6000, tls: true }],
    ['postgres://a@localhost/x', { tls: false }],
    ['postgres://a@localhost/x?sslmode=verify-full', { tls: true }],
    ['postgres://a@[fd00::1]/x?sslrootcert=%2Fetc%2Fca.pem', { host: 'fd00::1', authority: '/etc/ca.pem', tls: true }],
  ])('%s', (text, parts) => {
    const address = parseAddress(text)
    expect(address).toMatchObject(parts)
    expect(parseAddress(addressText(address))).toEqual(address)
  })

  it.each([
    ['postgres://a:secret@host/x', 'database-address-password'],
    ['mysql://a@host/x', 'database-address'],
    ['postgres://host/x', 'database-address'],
    ['postgres://a@host', 'database-address'],
    ['postgres://a@host/x?sslmode=disable', 'database-address'],
    ['postgres://a@host/x?sslmode=require', 'database-address'],
    ['postgres://a@host/x?options=-c', 'database-address'],
    ['nonsense', 'database-address'],
  ])('refuses %s', (text, code) => {
    expect(() => parseAddress(text)).toThrow(expect.objectContaining({ code }) as Error)
  })
})
