import { describe, expect, it } from 'vitest'
import {
  coefficient,
  coefficientInterval,
  decimal,
  landisKoch,
  percent,
  percentInterval,
} from '../../../src/renderer/format/statistics.ts'
import { formatName, size, voxel } from '../../../src/renderer/format/imaging.ts'
import { duration } from '../../../src/renderer/format/time.ts'

describe('statistics as text', () => {
  it('gives kappa two decimals and percent one, in the language of the reader', () => {
    expect(coefficient(0.5413, 'en')).toBe('0.54')
    expect(coefficient(0.5413, 'de')).toBe('0,54')
    expect(percent(0.1166, 'en')).toBe('11.7\u00a0%')
    expect(percent(1, 'de')).toBe('100,0\u00a0%')
  })

  it('writes a real minus and no minus before zero', () => {
    expect(coefficient(-0.04, 'en')).toBe('−0.04')
    expect(coefficient(-0.0001, 'en')).toBe('0.00')
    expect(decimal(-12.345, 1, 'de')).toBe('−12,3')
  })

  it('never writes NaN: what is undefined stays null and is said in words', () => {
    expect(coefficient(null, 'en')).toBeNull()
    expect(percent(Number.NaN, 'en')).toBeNull()
    expect(landisKoch(null)).toBeNull()
    expect(coefficientInterval(null, 'en', 'to')).toBeNull()
    expect(percentInterval(undefined, 'en', 'to')).toBeNull()
  })

  it('joins the limits of an interval by a word', () => {
    expect(coefficientInterval([0.43, 0.655], 'en', 'to')).toBe('0.43 to 0.66')
    expect(percentInterval([0.058, 0.221], 'de', 'bis')).toBe('5,8 bis 22,1\u00a0%')
  })

  it('names the bands of Landis and Koch (1977, table 2), upper bounds inclusive', () => {
    const bands = [
      [-0.01, 'poor'],
      [0, 'slight'],
      [0.2, 'slight'],
      [0.21, 'fair'],
      [0.4, 'fair'],
      [0.41, 'moderate'],
      [0.6, 'moderate'],
      [0.61, 'substantial'],
      [0.8, 'substantial'],
      [0.81, 'almostPerfect'],
      [1, 'almostPerfect'],
    ] as const
    for (const [kappa, word] of bands) expect(landisKoch(kappa)).toBe(word)
  })
})

describe('times and sizes as text', () => {
  const t = (key: string, named: Record<string, unknown>): string => `${key} ${JSON.stringify(named)}`

  it('chooses the coarsest unit that still helps', () => {
    expect(duration(41.4, t)).toBe('common.seconds {"n":41}')
    expect(duration(120, t)).toBe('common.minutes {"n":2}')
    expect(duration(200, t)).toBe('common.minutesSeconds {"m":3,"s":20}')
    expect(duration(1500, t)).toBe('common.minutes {"n":25}')
    expect(duration(7500, t)).toBe('common.hoursMinutes {"h":2,"m":5}')
    expect(duration(-3, t)).toBe('common.seconds {"n":0}')
  })

  it('never shows sixty of the smaller unit', () => {
    for (let seconds = 0; seconds < 20000; seconds += 7) {
      expect(duration(seconds, t)).not.toMatch(/"(s|m)":60/)
      expect(duration(seconds, t)).not.toContain('common.minutes {"n":60}')
    }
  })

  it('writes voxels with three figures and says each edge where they differ', () => {
    expect(voxel([0.0607, 0.0607, 0.0607], 'en')).toBe('0.0607 mm')
    expect(voxel([0.9583, 0.9583, 0.5639], 'de')).toBe('0,958 × 0,958 × 0,564 mm')
    expect(voxel(null, 'en')).toBeNull()
    expect(size([512, 512, 168])).toBe('512 × 512 × 168')
  })

  it('names formats as people do and leaves unknown ones as they are', () => {
    expect(formatName('isq')).toBe('Scanco ISQ')
    expect(formatName('dicom')).toBe('DICOM')
    expect(formatName('vms')).toBe('vms')
    expect(formatName(null)).toBe('')
  })
})
