import { describe, expect, it } from 'vitest'
import {
  cohenKappa,
  coincidences,
  congerKappa,
  fleissAvailable,
  fleissKappa,
  gwetAC,
  intraclassCorrelations,
  kendallW,
  krippendorffAlpha,
  lightKappa,
  percentAgreement,
  ratingsFromTable,
  tabulate,
  wilsonInterval,
} from '../../../src/main/domain/agreement/index.ts'

const counts = (...rows: number[][]) => Float64Array.from(rows.flat())

describe("Cohen's kappa as published", () => {
  it('Cohen 1960 (Educ Psychol Meas 20): kappa .492 of 200 cases, table 2', () => {
    const kappa = cohenKappa(counts([88, 14, 18], [10, 40, 10], [2, 6, 12]), [1, 2, 3], 'none')
    expect(kappa.estimate).toBeCloseTo(0.492, 3)
    expect(kappa.n).toBe(200)
  })

  it('Fleiss, Cohen & Everitt 1969 (Psychol Bull 72): kappa .429, variances .002885 and .003082', () => {
    const kappa = cohenKappa(counts([106, 10, 4], [22, 28, 10], [2, 12, 6]), [1, 2, 3], 'none')
    expect(kappa.estimate).toBeCloseTo(0.429, 3)
    expect(kappa.se! ** 2).toBeCloseTo(0.002885, 6)
    expect(kappa.seNull! ** 2).toBeCloseTo(0.003082, 6)
  })

  it('Fleiss, Levin & Paik 2003 (Statistical Methods for Rates and Proportions, sec. 18.1): .68, se0 .076, z 8.88', () => {
    const kappa = cohenKappa(counts([75, 1, 4], [5, 4, 1], [0, 0, 10]), [1, 2, 3], 'none')
    expect(kappa.estimate).toBeCloseTo(0.68, 2)
    expect(kappa.seNull).toBeCloseTo(0.076, 3)
    expect(kappa.z).toBeCloseTo(8.88, 2)
  })

  it('Landis & Koch 1977 (Biometrics 33): two neurologists on multiple sclerosis, .208 and .297', () => {
    const winnipeg = counts([38, 5, 0, 1], [33, 11, 3, 0], [10, 14, 5, 6], [3, 7, 3, 10])
    const newOrleans = counts([5, 3, 0, 0], [3, 11, 4, 0], [2, 13, 3, 4], [1, 2, 4, 14])
    expect(cohenKappa(winnipeg, [1, 2, 3, 4], 'none')).toMatchObject({ n: 149 })
    expect(cohenKappa(winnipeg, [1, 2, 3, 4], 'none').estimate).toBeCloseTo(0.208, 3)
    expect(cohenKappa(newOrleans, [1, 2, 3, 4], 'none').estimate).toBeCloseTo(0.297, 3)
    // Linear weights: SAS PROC FREQ on the same tables, .3797 (se .0517) and .4773 (se .0730).
    const weighted = cohenKappa(winnipeg, [1, 2, 3, 4], 'linear')
    expect(weighted.estimate).toBeCloseTo(0.3797, 4)
    expect(weighted.se).toBeCloseTo(0.0517, 4)
    const other = cohenKappa(newOrleans, [1, 2, 3, 4], 'linear')
    expect(other.estimate).toBeCloseTo(0.4773, 4)
    expect(other.se).toBeCloseTo(0.073, 4)
  })

  it('Gwet 2008: 94 % agreement, yet kappa below 0 and AC1 .94', () => {
    const rows = [...many([1, 1], 118), ...many([1, 2], 5), ...many([2, 1], 2)]
    const table = tabulate(ratingsFromTable(rows, [1, 2]))
    expect(cohenKappa(counts([118, 5], [2, 0]), [1, 2], 'none').estimate).toBeCloseTo(-0.0234, 4)
    expect(gwetAC(table, 'none').estimate).toBeCloseTo(0.9408, 4)
    expect(percentAgreement(table).pairwise).toBeCloseTo(0.944, 12)
  })
})

describe("Fleiss' kappa as published", () => {
  // Fleiss 1971 (Psychol Bull 76), table 1: 30 patients, six psychiatrists, five diagnoses; votes sorted in each row.
  const diagnoses = (
    '444444 222555 233335 555555 222444 113333 333355 113334 114444 555555 144444 124444 222333 144444 224445 ' +
    '333335 111455 111112 224444 133555 555555 244444 224555 114444 144445 222224 111155 224444 133333 555555'
  )
    .split(' ')
    .map((row) => Array.from(row, Number))
  const kappa = fleissKappa(tabulate(ratingsFromTable(diagnoses, [1, 2, 3, 4, 5])))

  it('Fleiss 1971: kappa .430 overall; .245, .245, .520, .471, .566 by diagnosis', () => {
    expect(kappa.estimate).toBeCloseTo(0.43, 3)
    expect(kappa.n).toBe(30)
    const published = [0.245, 0.245, 0.52, 0.471, 0.566]
    kappa.perCategory.forEach(({ estimate }, k) => expect(estimate).toBeCloseTo(published[k]!, 3))
  })

  it('Fleiss, Nee & Landis 1979: z is 17.7 (R irr::kappam.fleiss on the same data), se of each diagnosis sqrt(2/900)', () => {
    expect(kappa.z).toBeCloseTo(17.7, 1)
    expect(kappa.seNull).toBeCloseTo(0.0244, 4)
    expect(kappa.perCategory[0]!.seNull).toBeCloseTo(Math.sqrt(2 / 900), 12)
  })
})

// Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, section C: four observers, twelve units.
const reliability = '1.11 2232 3333 3333 2222 1234 4444 1121 2222 .555 ..11 ..3.' // observers A to D of each unit
  .split(' ')
  .map((row) => Array.from(row, (vote) => (vote === '.' ? null : Number(vote))))

describe("Krippendorff's example of 2011", () => {
  const table = tabulate(ratingsFromTable(reliability, [1, 2, 3, 4, 5]))
  const pairs = coincidences(table)

  it('nominal .743, ordinal .815, interval .849 from 11 units and 40 values', () => {
    const alpha = (metric: 'nominal' | 'ordinal' | 'interval') => krippendorffAlpha(pairs, table.categories, metric)
    expect(alpha('nominal')).toMatchObject({ units: 11, values: 40 })
    expect(alpha('nominal').estimate).toBeCloseTo(0.743, 3)
    expect(alpha('ordinal').estimate).toBeCloseTo(0.815, 3)
    expect(alpha('interval').estimate).toBeCloseTo(0.849, 3)
  })

  it('has the coincidence matrix of the text', () => {
    expect(Array.from(pairs.matrix.subarray(0, 5)).map((x) => Number(x.toFixed(6)))).toEqual([
      7,
      Number((4 / 3).toFixed(6)),
      Number((1 / 3).toFixed(6)),
      Number((1 / 3).toFixed(6)),
      0,
    ])
    expect(Array.from(pairs.margins)).toEqual([9, 13, 10, 5, 3])
  })

  it('Gwet 2014 on the same votes: AC1 .77544 (se .14295), Fleiss .76117 (se .15302), with t intervals', () => {
    const ac1 = gwetAC(table, 'none')
    expect(ac1.estimate).toBeCloseTo(0.77544, 5)
    expect(ac1.se).toBeCloseTo(0.14295, 5)
    expect(ac1.ci![0]).toBeCloseTo(0.46081, 5)
    expect(ac1.ci![1]).toBe(1)
    const fleiss = fleissAvailable(table)
    expect(fleiss.estimate).toBeCloseTo(0.76117, 5)
    expect(fleiss.se).toBeCloseTo(0.15302, 5)
    expect(fleiss.ci![0]).toBeCloseTo(0.42438, 5)
  })
})

describe('Shrout & Fleiss 1979', () => {
  // Psychol Bull 86, table 2: six targets, four judges; results in table 4.
  const rows = [
    [9, 2, 5, 8],
    [6, 1, 3, 2],
    [8, 4, 6, 8],
    [7, 1, 2, 6],
    [10, 5, 6, 9],
    [6, 2, 4, 7],
  ]
  const table = tabulate(ratingsFromTable(rows, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]))
  const icc = intraclassCorrelations(table)

  it('gives the six coefficients of table 4', () => {
    expect(icc['ICC(1,1)'].estimate).toBeCloseTo(0.17, 2)
    expect(icc['ICC(2,1)'].estimate).toBeCloseTo(0.29, 2)
    expect(icc['ICC(3,1)'].estimate).toBeCloseTo(0.71, 2)
    expect(icc['ICC(1,k)'].estimate).toBeCloseTo(0.44, 2)
    expect(icc['ICC(2,k)'].estimate).toBeCloseTo(0.62, 2)
    expect(icc['ICC(3,k)'].estimate).toBeCloseTo(0.91, 2)
  })

  it('gives F and the intervals that R psych prints for the same data', () => {
    expect(icc['ICC(1,1)']).toMatchObject({ df1: 5, df2: 18 })
    expect(icc['ICC(2,1)']).toMatchObject({ df1: 5, df2: 15 })
    expect(icc['ICC(1,1)'].f).toBeCloseTo(1.79, 2)
    expect(icc['ICC(1,1)'].p).toBeCloseTo(0.165, 3)
    expect(icc['ICC(2,1)'].f).toBeCloseTo(11.03, 2)
    const limits = { 'ICC(1,1)': [-0.133, 0.72], 'ICC(2,1)': [0.019, 0.76], 'ICC(3,1)': [0.342, 0.95] } as const
    for (const [form, [low, high]] of Object.entries(limits)) {
      expect(icc[form as keyof typeof limits].ci![0]).toBeCloseTo(low, 3)
      expect(icc[form as keyof typeof limits].ci![1]).toBeCloseTo(high, 2)
    }
    expect(icc['ICC(1,k)'].ci![0]).toBeCloseTo(-0.884, 3)
    expect(icc['ICC(2,k)'].ci![0]).toBeCloseTo(0.071, 3)
    expect(icc['ICC(3,k)'].ci![0]).toBeCloseTo(0.676, 3)
  })
})

describe('others', () => {
  it("Kendall's W: perfect concordance is 1; without ties it is 12 S / (m^2 (n^3 - n))", () => {
    const untied = [
      [1, 2, 1],
      [2, 1, 3],
      [3, 4, 2],
      [4, 3, 4],
    ]
    const sums = untied.map((row) => row.reduce((a, b) => a + b, 0))
    const s = sums.reduce((sum, r) => sum + (r - 7.5) ** 2, 0)
    const { estimate, chi2 } = kendallW(tabulate(ratingsFromTable(untied, [1, 2, 3, 4])))
    expect(estimate).toBeCloseTo((12 * s) / (9 * 60), 12)
    expect(chi2).toBeCloseTo(9 * estimate!, 12)
    const perfect = [1, 1, 2, 5].map((grade) => [grade, grade])
    expect(kendallW(tabulate(ratingsFromTable(perfect, [1, 2, 3, 4, 5]))).estimate).toBe(1)
  })

  it("Conger's kappa of two raters is Cohen's, Light's of one pair too", () => {
    const rows = [...many([1, 1], 20), ...many([1, 2], 5), ...many([2, 1], 10), ...many([2, 2], 15)]
    const cohen = cohenKappa(counts([20, 5], [10, 15]), [1, 2], 'none').estimate
    expect(cohen).toBeCloseTo(0.4, 12)
    expect(congerKappa(tabulate(ratingsFromTable(rows, [1, 2]))).estimate).toBeCloseTo(cohen!, 12)
    expect(lightKappa([cohen]).estimate).toBe(cohen)
  })

  it('Newcombe 1998 (Stat Med 17, table I): Wilson intervals', () => {
    const published = [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ] as const
    for (const [count, n, low, high] of published) {
      const [from, to] = wilsonInterval(count, n)!
      expect(from).toBeCloseTo(low, 4)
      expect(to).toBeCloseTo(high, 4)
    }
    expect(wilsonInterval(20, 20)![1]).toBe(1)
    expect(wilsonInterval(0, 0)).toBeNull()
  })
})

function many(row: number[], times: number): number[][] {
  return Array.from({ length: times }, () => row)
}
