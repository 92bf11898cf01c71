import { describe, expect, it } from 'vitest'
import { csvText, readVotes } from '../../../src/main/domain/csv.ts'
import { ConcordError } from '../../../src/main/domain/error.ts'

const scale = [1, 2, 3, 4, 5]
const read = (source: Parameters<typeof readVotes>[0]) => readVotes(source, scale)
const bytes = (text: string) => [new TextEncoder().encode(text)]

async function failure(source: Parameters<typeof readVotes>[0]): Promise<{ code: string; message: string }> {
  try {
    await read(source)
  } catch (error) {
    if (error instanceof ConcordError) return error
    throw error
  }
  throw new Error('it was read')
}

describe('readVotes', () => {
  const expected = { subjects: ['a', 'b'], raters: ['X', 'Y'], codes: [0, 2, 4, -1] }
  const same = async (source: Parameters<typeof readVotes>[0]) => {
    const { subjects, raters, codes } = await read(source)
    expect({ subjects, raters, codes: [...codes] }).toEqual(expected)
  }

  it('reads comma, semicolon and tab, LF, CRLF and CR, quotes and a byte-order mark', async () => {
    await same('subject,rater,grade\na,X,1\na,Y,3\nb,X,5\nb,Y,\n')
    await same('subject;rater;grade\r\na;X;1\r\na;Y;3\r\nb;X;5\r\nb;Y;NA\r\n')
    await same('subject\trater\tgrade\ra\tX\t1\ra\tY\t3\rb\tX\t5\rb\tY\tNA')
    await same('"subject","rater","grade"\n"a","X","1"\n"a","Y","3"\n"b","X","5"\n"b","Y",""')
    await same('\uFEFFsubject,rater,grade\na,X,1\na,Y,3\nb,X,5\n')
    await same(bytes('\uFEFFsubject,rater,grade\na,X,1\na,Y,3\nb,X,5\n'))
    await same([Buffer.from('\uFEFFsubject,rater,grade\na,X,1\na,Y,3\nb,X,5\n', 'utf16le')])
  })

  it('takes columns in any order and case, spaces, blank lines, 3.0, and ignores other columns', async () => {
    await same('Grade , extra, RATER ,Subject\n\n1.0,z, X ,a\n3,,Y,a\n\n5,,X,b\n')
  })

  it('reads pieces cut anywhere, inside a letter too', async () => {
    const all = new TextEncoder().encode('subject,rater,grade\nä,"Müller, Zoë",2\nä,Ü,3\n')
    const { subjects, raters, codes } = await read(Array.from(all, (byte) => Uint8Array.of(byte)))
    expect({ subjects, raters, codes: [...codes] }).toEqual({
      subjects: ['ä'],
      raters: ['Müller, Zoë', 'Ü'],
      codes: [1, 2],
    })
  })

  it('keeps a quoted name with a line break and counts rows as lines of the file', async () => {
    const text = 'subject,rater,grade\n"a\nb",X,1\nc,X,9\n'
    expect((await failure(text)).message).toContain('Row 4')
  })

  it('groups subjects by an optional column patient', async () => {
    const { clusters } = await read('subject,rater,grade,patient\na,X,1,p\nb,X,2,q\nc,X,2,p\nd,X,3,\n')
    expect([...clusters!]).toEqual([0, 1, 0, 2])
    expect((await read('subject,rater,grade\na,X,1\n')).clusters).toBeNull()
    const two = await failure('subject,rater,grade,patient\na,X,1,p\na,Y,2,q\n')
    expect(two).toMatchObject({ code: 'csv-two-patients' })
  })

  it.each([
    ['csv-empty', '', /empty/],
    ['csv-empty', '\n \n', /empty/],
    ['csv-empty', 'subject,rater,grade\n', /no row/],
    ['csv-empty', 'subject,rater,grade', /no row/],
    ['csv-missing-column', 'subject,rater\na,X\n', /Row 1: column "grade"/],
    ['csv-missing-column', 'a,X,1\na,Y,2\n', /Row 1: .*"subject".*"rater".*"grade"/],
    ['csv-duplicate-column', 'subject,rater,grade,grade\na,X,1,2\n', /"grade"/],
    ['csv-unknown-grade', 'subject,rater,grade\na,X,1\na,Y,6\n', /Row 3: grade "6"/],
    ['csv-unknown-grade', 'subject,rater,grade\na,X,2.5\n', /Row 2/],
    ['csv-unknown-grade', 'subject,rater,grade\na,X,NaN\n', /Row 2/],
    ['csv-unknown-grade', 'subject,rater,grade\na,X,0x1\n', /Row 2/],
    ['csv-duplicate-vote', 'subject,rater,grade\na,X,1\nb,X,1\na,X,1\n', /Row 4: X .*second vote on a/],
    ['csv-missing-value', 'subject,rater,grade\na,,1\n', /Row 2: the rater/],
    ['csv-missing-value', 'subject,rater,grade\n,X,1\n', /Row 2: the subject/],
    ['csv-row-length', 'subject,rater,grade\na,X,1\na,Y\n', /Row 3 has 2 fields/],
    ['csv-row-length', 'subject,rater,grade\nMüller, Eva,X,1\n', /Row 2 has 4 fields/],
    ['csv-malformed', 'subject,rater,grade\n"a,X,1\n', /Row/],
    ['csv-malformed', 'subject,rater,grade\n"a"b,X,1\n', /Row 2/],
  ] as const)('refuses with %s: %j', async (code, text, message) => {
    const error = await failure(text)
    expect(error.code).toBe(code)
    expect(error.message).toMatch(message)
    expect((await failure(bytes(text))).code).toBe(code)
  })

  it('refuses what is no text', async () => {
    expect((await failure([Uint8Array.of(0x73, 0xfc, 0x2c, 0x0a)])).code).toBe('csv-encoding')
    expect((await failure([new Uint8Array(3 << 20)])).code).toBe('csv-missing-column')
    expect((await failure([new Uint8Array(3 << 20).fill(0xff)])).code).toBe('csv-encoding')
  })

  it('refuses a quote left open in a large file without reading all of it into one field', async () => {
    const text = `subject,rater,grade\n"a,X,1\n${'b,X,1\n'.repeat(400_000)}`
    expect((await failure(text)).code).toBe('csv-malformed')
  })
})

describe('csvText', () => {
  it('writes what readVotes reads, and quotes where needed', async () => {
    const text = csvText(
      ['subject', 'rater', 'grade'],
      [
        ['a,b', 'He said "3"', 3],
        ['c', 'Zoë', null],
      ],
    )
    expect(text).toBe('subject,rater,grade\n"a,b","He said ""3""",3\nc,Zoë,\n')
    const { subjects, raters } = await read(text)
    expect({ subjects, raters }).toEqual({ subjects: ['a,b', 'c'], raters: ['He said "3"', 'Zoë'] })
  })

  it('defuses formulas in texts, leaves negative numbers, writes true and false', () => {
    expect(csvText(['x'], [['=1+1'], ['@a'], [-1.5], [true], [false], [0]])).toBe(
      "x\n'=1+1\n'@a\n-1.5\ntrue\nfalse\n0\n",
    )
  })
})
