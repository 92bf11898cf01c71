import { describe, expect, it } from 'vitest'
import { wilsonInterval } from '../../../src/main/domain/agreement/wilson.ts'
import { majorityOf, saidBy, SILENT, twoClassFigures } from '../../../src/main/domain/agreement/two-classes.ts'

const codes = (text: string): Int8Array => Int8Array.from(text, (c) => (c === '-' ? SILENT : Number(c)))
const options = { bootstrap: 200, seed: 1 }

describe('two classes against a reference', () => {
  it('count and give sensitivity and specificity with Wilson’s intervals', () => {
    const figures = twoClassFigures(codes('1101000'), codes('1110001'), null, options)
    expect(figures).toMatchObject({ tp: 2, fn: 2, tn: 2, fp: 1 })
    expect(figures.sensitivity).toMatchObject({ rate: 2 / 4, count: 2, n: 4, ci: wilsonInterval(2, 4) })
    expect(figures.specificity).toMatchObject({ rate: 2 / 3, count: 2, n: 3, ci: wilsonInterval(2, 3) })
    expect(figures.accuracy.rate).toBe(4 / 7)
  })

  it('leave out scans without an answer or without a truth, and say why there is no figure', () => {
    const figures = twoClassFigures(codes('1-10'), codes('11--'), null, options)
    expect(figures.sensitivity).toMatchObject({ rate: 1, n: 1 })
    expect(figures.specificity).toMatchObject({ rate: null, n: 0, ci: null })
    expect(figures.specificity.reason).toContain('negative class')
  })

  it('draw whole patients where one has several scans', () => {
    const said = codes('1111000011110000')
    const truth = codes('1111111111111111')
    const patients = Int32Array.from(said, (_, i) => Math.floor(i / 4))
    const apart = twoClassFigures(said, truth, null, options).sensitivity.ci!
    const together = twoClassFigures(said, truth, patients, options).sensitivity.ci!
    expect(together[1] - together[0]).toBeGreaterThan(apart[1] - apart[0])
  })

  it('take the majority of those who say something; alone or level there is none', () => {
    expect([...majorityOf(saidBy([codes('110-1'), codes('1-011'), codes('0-1-1')]))]).toEqual([1, SILENT, 0, SILENT, 1])
    expect([...majorityOf(saidBy([codes('10'), codes('11')]))]).toEqual([1, SILENT])
    expect([...majorityOf(saidBy([]))]).toEqual([])
  })
})
