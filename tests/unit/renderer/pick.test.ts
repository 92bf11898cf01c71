import { describe, expect, it } from 'vitest'
import { cannotReasons, reading as contract } from '../../../src/preload/contract/reading.ts'
import { noRemarks, obstacle, ofStacks, storedReason, voteOf } from '../../../src/renderer/reading/pick.ts'

const shownAt = new Date('2026-03-01T10:00:00Z')
const seen = { of: 'picture', since: shownAt } as const
const assignmentId = '4a0c1f52-3a3e-4f0b-8b8e-2d9f5f9d1c11'
const none = noRemarks

describe('a vote', () => {
  it('needs a picture, a pick, and a reason where there is no grade', () => {
    expect(obstacle(null, null)).toBe('not-shown')
    expect(obstacle({ kind: 'grade', grade: 3 }, null)).toBe('not-shown')
    expect(obstacle(null, seen)).toBe('nothing-picked')
    expect(obstacle({ kind: 'cannot', reason: '' }, seen)).toBe('no-reason')
    expect(obstacle({ kind: 'cannot', reason: 'metal' }, seen)).toBeNull()
    expect(obstacle({ kind: 'grade', grade: 0 }, seen)).toBeNull()
  })

  it('can only say "cannot be graded" of a scan that does not open', () => {
    const failed = { of: 'failure', since: shownAt } as const
    expect(obstacle({ kind: 'grade', grade: 3 }, failed)).toBe('not-shown')
    expect(obstacle(null, failed)).toBe('not-shown')
    expect(obstacle({ kind: 'cannot', reason: 'not-opened' }, failed)).toBeNull()
  })

  it('passes the contract, graded or not', () => {
    const graded = voteOf(assignmentId, { kind: 'grade', grade: 3 }, shownAt, {
      ...{ ...none, worstSlice: 83, note: '  blurred ' },
    })
    expect(contract.cast.request.parse(graded)).toEqual({
      ...{ assignmentId, grade: 3, reason: null, shownAt: '2026-03-01T10:00:00.000Z', worstSlice: 83, note: 'blurred' },
      ...{ confidence: null, stackGrades: null, lookedMs: null, request: null },
    })
    for (const reason of cannotReasons) {
      const stored = storedReason(reason, ' table in the way ')
      const vote = contract.cast.request.parse(voteOf(assignmentId, { kind: 'cannot', reason: stored }, shownAt, none))
      expect(vote.grade).toBeNull()
      expect(vote.reason).toBe(reason === 'other' ? 'table in the way' : reason)
      expect(vote.note).toBeNull()
    }
  })

  it('waits for what the study asks for, but not where the scan cannot be graded', () => {
    const grade = { kind: 'grade', grade: 3 } as const
    const ask = { confidence: true, worstSlice: 'required' } as const
    expect(obstacle(grade, seen, none, ask)).toBe('no-confidence')
    expect(obstacle(grade, seen, { ...none, confidence: 1 }, ask)).toBe('no-worst-slice')
    expect(obstacle(grade, seen, { ...none, confidence: 1, worstSlice: 0 }, ask)).toBeNull()
    expect(obstacle({ kind: 'cannot', reason: 'metal' }, seen, none, ask)).toBeNull()
  })

  it('of a scan of several stacks is the highest of their grades, once each has one', () => {
    expect(ofStacks([])).toBeNull()
    expect(ofStacks([2, null])).toBeNull()
    expect(ofStacks([2, 4, 1])).toEqual({ kind: 'grade', grade: 4 })
    expect(obstacle(null, seen, { ...none, stacks: [2, null] })).toBe('stacks-left')
    expect(obstacle(null, seen, { ...none, stacks: [null, null] })).toBe('nothing-picked')
    const vote = voteOf(
      assignmentId,
      { kind: 'grade', grade: 4 },
      shownAt,
      { ...none, confidence: 3, stacks: [2, 4] },
      950,
    )
    expect(contract.cast.request.parse(vote)).toMatchObject({
      grade: 4,
      stackGrades: [2, 4],
      confidence: 3,
      lookedMs: 950,
    })
  })

  it('has no reason yet while the free line is empty', () => {
    expect(storedReason('other', '   ')).toBe('')
    expect(storedReason(null, 'x')).toBe('')
  })
})
