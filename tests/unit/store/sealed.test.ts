import { createSecretKey, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openWith, shutTo } from '../../../src/main/store/sealed/box.ts'
import { sealedGrade, sealVote, unsealVote, type VoteContent } from '../../../src/main/store/sealed/envelope.ts'
import {
  exchangePair,
  exchangePublicOf,
  isSignedBy,
  signed,
  signingPair,
} from '../../../src/main/store/sealed/pairs.ts'
import { lockWith, unlockWith } from '../../../src/main/store/sealed/password.ts'
import {
  newRecoverySeed,
  recoveryCode,
  recoveryPair,
  recoverySeed,
} from '../../../src/main/store/sealed/recovery-code.ts'

const key = createSecretKey(randomBytes(32))
const place = { id: 'v', assignment_id: 'a', revision: 1, kind: 'cast' }
const plain: VoteContent = {
  ...{ grade: 3, reason: null, note: null, worst_slice: null, confidence: null, stack_grades: null },
}
const nullable = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null })
const content: fc.Arbitrary<VoteContent> = fc.record({
  grade: nullable(fc.integer({ min: 0, max: 99 })),
  reason: nullable(fc.string({ maxLength: 200, unit: 'grapheme' }).filter((text) => text.length <= 200)),
  note: nullable(fc.string({ maxLength: 1000, unit: 'binary' }).filter((text) => text.length <= 1000)),
  worst_slice: nullable(fc.integer({ min: 0, max: 100_000 })),
  confidence: nullable(fc.integer({ min: 1, max: 3 })),
  stack_grades: nullable(
    fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 2, maxLength: 60 }).map((a) => JSON.stringify(a)),
  ),
})

describe('the envelope of a vote', () => {
  it('holds whatever a vote can say', () => {
    fc.assert(
      fc.property(content, (vote) => {
        const sealed = sealVote(key, place, vote)
        // What UTF-8 cannot hold, half of a pair, is the replacement character afterwards.
        const text = (words: string | null) => words && Buffer.from(words).toString()
        expect(unsealVote(key, place, sealed)).toEqual({ ...vote, reason: text(vote.reason), note: text(vote.note) })
        expect(sealedGrade(key, place, sealed)).toBe(vote.grade)
      }),
      { numRuns: 300 },
    )
  })

  it('is equally long for every grade, with and without a note of a line, and never the same twice', () => {
    const votes = [1, 2, 3, 4, 5].map((grade) => ({ ...plain, grade }))
    const sealed = [
      ...votes,
      { ...plain, grade: null, reason: 'metal' },
      { ...plain, note: 'streaks outside of the bone in most of the slices, little inside; see 84', worst_slice: 84 },
      { ...plain, confidence: 2, stack_grades: '[3,1]' },
    ].map((vote) => sealVote(key, place, vote))
    expect(new Set(sealed.map((text) => text.length)).size).toBe(1)
    const noteOf = (letters: number) => sealVote(key, place, { ...plain, note: 'n'.repeat(letters) }).length
    // Three sentences do not stand out, and of longer notes nothing tells which are the longest.
    expect(noteOf(330)).toBe(sealed[0]!.length)
    expect(new Set([400, 700, 1000].map(noteOf)).size).toBe(1)
    expect(sealVote(key, place, plain)).not.toBe(sealVote(key, place, plain))
  })

  it('opens as the vote it was written for alone, unaltered, by its key', () => {
    const sealed = sealVote(key, place, plain)
    for (const other of [{ id: 'w' }, { assignment_id: 'b' }, { revision: 2 }, { kind: 'withdrawn' }])
      expect(() => unsealVote(key, { ...place, ...other }, sealed)).toThrow('altered')
    expect(() => unsealVote(createSecretKey(randomBytes(32)), place, sealed)).toThrow('altered')
    const bytes = Buffer.from(sealed, 'base64')
    for (let at = 0; at < bytes.length; at += 1) {
      const other = Buffer.from(bytes)
      other[at]! ^= 1
      expect(() => sealedGrade(key, place, other.toString('base64'))).toThrow('altered')
    }
    expect(() => unsealVote(key, place, '')).toThrow('altered')
  })
})

describe('boxes and keys', () => {
  it('opens a box for its receiver and purpose alone', () => {
    const [anna, ben] = [exchangePair(), exchangePair()]
    const secret = randomBytes(32)
    const box = shutTo(anna.publicKey, secret, 'share')
    expect(openWith(anna, box, 'share')).toEqual(secret)
    expect(openWith(anna, box, 'other')).toBeNull()
    expect(openWith(ben, box, 'share')).toBeNull()
    const bytes = Buffer.from(box, 'base64')
    for (let at = 0; at < bytes.length; at += 7) {
      const other = Buffer.from(bytes)
      other[at]! ^= 1
      // The highest bit of a public half is not looked at (RFC 7748, section 5), but it is bound to the box's key.
      expect(openWith(anna, other.toString('base64'), 'share')).toBeNull()
    }
    expect(exchangePublicOf(anna.privateKey)).toBe(anna.publicKey)
  })

  it('locks a secret under a password', async () => {
    const secret = randomBytes(64)
    const locked = await lockWith('four words of a kind', secret, 'anna')
    expect(await unlockWith('four words of a kind', locked, 'anna')).toEqual(secret)
    expect(await unlockWith('four words of a king', locked, 'anna')).toBeNull()
    expect(await unlockWith('four words of a kind', locked, 'ben')).toBeNull()
  })

  it('signs, and knows what was signed', () => {
    const { publicKey, privateKey } = signingPair()
    const signature = signed(privateKey, Buffer.from('packet'))
    expect(isSignedBy(publicKey, Buffer.from('packet'), signature)).toBe(true)
    expect(isSignedBy(publicKey, Buffer.from('racket'), signature)).toBe(false)
    expect(isSignedBy(signingPair().publicKey, Buffer.from('packet'), signature)).toBe(false)
    expect(isSignedBy('', Buffer.from('packet'), 'nonsense')).toBe(false)
  })

  it('reads a recovery key as people type it and finds a slip of the pen', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), fc.nat(35), fc.nat(30), (bytes, at, by) => {
        const code = recoveryCode(bytes)
        expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){8}[0-9A-HJKMNP-TV-Z]{4}$/)
        expect(recoverySeed(code)).toEqual(Buffer.from(bytes))
        expect(
          recoverySeed(` ${code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')}`),
        ).toEqual(Buffer.from(bytes))
        const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
        const plainCode = code.replaceAll('-', '')
        const other = letters[(letters.indexOf(plainCode[at]!) + 1 + by) % 32]!
        expect(recoverySeed(plainCode.slice(0, at) + other + plainCode.slice(at + 1))).toBeNull()
      }),
      { numRuns: 200 },
    )
    const seed = newRecoverySeed()
    expect(recoverySeed(recoveryCode(seed).slice(0, -1))).toBeNull()
    expect(recoveryPair(seed)).toEqual(recoveryPair(recoverySeed(recoveryCode(seed))!))
  })
})
