import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { runCommand } from '../../../src/main/cli/run.ts'
import { randomFrom } from '../../../src/main/domain/random.ts'
import { encodeNpy } from '../../../src/main/imaging/npy.ts'
import { writeIsq } from '../../../src/main/imaging/writers/isq.ts'
import { writeRsq } from '../../../src/main/imaging/writers/rsq.ts'

const [rows, columns] = [3, 41]
const centre = (columns - 1) / 2

/** A disc's shadow beside the axis, and its mirror image, with noise of its own in each view. */
function view(angle: number): Float32Array {
  const random = randomFrom(`view/${angle}`)
  const at = 3 * Math.cos((angle * Math.PI) / 180)
  return Float32Array.from({ length: rows * columns }, (_, i) => {
    const s = (i % columns) - centre
    const chord = Math.sqrt(Math.max(0, 144 - (s - at) ** 2))
    return 0.08 * chord + 0.005 * random.normal()
  })
}
const stack = (angles: number[]): Float32Array => Float32Array.from(angles.flatMap((angle) => [...view(angle)]))

async function run(...args: string[]) {
  const [out, err]: [string[], string[]] = [[], []]
  const code = await runCommand(['qme', ...args], { out: (line) => out.push(line), err: (line) => err.push(line) })
  return { code, err, lines: out.map((line) => JSON.parse(line) as Record<string, unknown>) }
}

describe('concord qme', () => {
  const folder = mkdtempSync(join(tmpdir(), 'concord-qme-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const three = join(folder, 'three.npy')
  writeFileSync(three, encodeNpy([3, rows, columns], stack([0, 0.24, 180])))

  it('gives the keys of its contract for three views', async () => {
    const { code, lines, err } = await run(three)
    expect([code, err]).toEqual([0, []])
    const line = lines[0] as { ssd: object; ncc: object; qmeSSD: number; qmeNCC: number; centre: number }
    expect(Object.keys(line).slice(0, 6)).toEqual(['file', 'ssd', 'ncc', 'qmeSSD', 'qmeNCC', 'centre'])
    expect(Object.keys(line.ssd)).toEqual(['opposite', 'adjacent'])
    expect(Object.keys(line.ncc)).toEqual(['opposite', 'adjacent'])
    expect(Math.abs(line.qmeNCC - 100)).toBeLessThan(0.01)
    expect(Math.abs(line.centre - centre)).toBeLessThan(0.1)
  })

  it('finds the three among all views by their angles, in any order and form of the file', async () => {
    const angles = [180, 90, 0.24, 45, 0]
    const all = join(folder, 'all.npy')
    writeFileSync(all, encodeNpy([5, rows, columns], stack(angles)))
    const wanted = (await run(three)).lines[0]!
    const forms = {
      'a.txt': angles.join('\n'),
      'a.csv': `angle\n${angles.join('\n')}\n`,
      'a.json': JSON.stringify(angles),
    }
    for (const [name, text] of Object.entries(forms)) {
      writeFileSync(join(folder, name), text)
      const { code, lines } = await run(all, '--angles', join(folder, name))
      expect(code).toBe(0)
      expect(lines[0]).toEqual({ ...wanted, file: all })
    }
    expect((await run(all)).lines[0]).toMatchObject({ kind: 'reject', code: 'bad-projections' })
    writeFileSync(join(folder, 'few.txt'), '0 0.24 180')
    expect((await run(all, '--angles', join(folder, 'few.txt'))).lines[0]).toMatchObject({ code: 'bad-angles' })
    writeFileSync(join(folder, 'none.txt'), '0 10 20 30 179')
    const none = await run(all, '--angles', join(folder, 'none.txt'))
    expect(none.lines[0]!.message).toContain('No view lies at 0.24 degrees; the nearest is at 0')
  })

  it('reads the counts of an RSQ as line integrals, and refuses an ISQ and a fan beam', async () => {
    const path = join(folder, 'a.rsq')
    const common = { patientIndex: 1, measurementIndex: 2, name: 'PHANTOM', date: new Date('2026-01-05T08:00:00Z') }
    const content = { views: stack([0, 0.24, 180]), rows, columns, span: 180, ...common }
    await writeRsq(path, { ...content, spacing: [0.1, 0.1] })
    const [rsq, npy] = [(await run(path)).lines[0]!, (await run(three)).lines[0]!]
    // Counts are rounded to 1 in 32000: noise a hundred times smaller than that of the views.
    expect(rsq.qmeNCC as number).toBeCloseTo(npy.qmeNCC as number, 3)
    expect((rsq.qmeSSD as number) / (npy.qmeSSD as number)).toBeCloseTo(1, 2)

    const isq = join(folder, 'a.isq')
    const volume = { dims: [2, 2, 2] as [number, number, number], spacing: [0.1, 0.1, 0.1] as [number, number, number] }
    const scale = { voxels: new Int16Array(8), muScaling: 8192, slope: 1600, intercept: -390, site: 'tibia' }
    await writeIsq(isq, { ...volume, ...scale, ...common })
    expect((await run(isq)).lines[0]).toMatchObject({ file: isq, kind: 'reject', code: 'bad-projections' })

    const bytes = Buffer.alloc(512 + 7 * 5 * 3 * 2)
    bytes.write('CTDATA-HEADER_V1', 0, 'latin1')
    ;[7, 5, 3].forEach((n, i) => bytes.writeInt32LE(n, 44 + 4 * i))
    bytes.writeInt32LE(145000, 116)
    writeFileSync(join(folder, 'fan.rsq'), bytes)
    expect((await run(join(folder, 'fan.rsq'))).lines[0]).toMatchObject({ code: 'fan-beam' })
  })

  it('rejects what it cannot use with one clear line, and goes on with the next file', async () => {
    writeFileSync(join(folder, 'text.npy'), 'no array')
    writeFileSync(join(folder, 'flat.npy'), encodeNpy([3, columns], new Float32Array(3 * columns)))
    writeFileSync(join(folder, 'short.npy'), encodeNpy([3, rows, columns], new Float32Array(9)))
    writeFileSync(join(folder, 'nan.npy'), encodeNpy([3, 1, 4], new Float32Array(12).fill(NaN)))
    const codes = ['format-unknown', 'bad-projections', 'file-truncated', 'bad-projections', 'file-missing']
    for (const [i, name] of ['text.npy', 'flat.npy', 'short.npy', 'nan.npy', 'missing.npy'].entries()) {
      const file = join(folder, name)
      const { code, lines, err } = await run(file)
      expect(code).toBe(2)
      expect(lines).toEqual([{ file, kind: 'reject', code: codes[i], message: expect.any(String) as string }])
      expect(err.length).toBe(1)
    }
    const both = await run(join(folder, 'text.npy'), three)
    expect([both.code, both.lines.length]).toEqual([0, 2])
    expect((await run()).code).toBe(2)
    expect((await run(three, '--centre', 'middle')).code).toBe(2)
    expect((await run(three, '--centre', '20')).lines[0]).toMatchObject({ centre: 20, centreBy: 'given' })
  })
})

describe('a NumPy file', () => {
  it('is read in any order, byte order and type', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'concord-npy-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const data = stack([0, 0.24, 180])
    const header = (text: string): Buffer => {
      const head = Buffer.alloc(10)
      head.write('\x93NUMPY\x01\x00', 0, 'latin1')
      head.writeUInt16LE(118, 8)
      return Buffer.concat([head, Buffer.from(text.padEnd(117) + '\n', 'latin1')])
    }
    const shape = `(3, ${rows}, ${columns})`
    const big = Buffer.alloc(8 * data.length)
    data.forEach((value, i) => big.writeDoubleBE(value, 8 * i))
    writeFileSync(
      join(folder, 'big.npy'),
      Buffer.concat([header(`{'descr': '>f8', 'fortran_order': False, 'shape': ${shape}, }`), big]),
    )
    const fortran = Buffer.alloc(4 * data.length)
    data.forEach((value, i) => {
      const [k, rest] = [Math.floor(i / (rows * columns)), i % (rows * columns)]
      fortran.writeFloatLE(value, 4 * (k + 3 * (Math.floor(rest / columns) + rows * (rest % columns))))
    })
    writeFileSync(
      join(folder, 'fortran.npy'),
      Buffer.concat([header(`{'descr': '<f4', 'fortran_order': True, 'shape': ${shape}, }`), fortran]),
    )
    writeFileSync(join(folder, 'c.npy'), encodeNpy([3, rows, columns], data))
    const [a, b, c] = await Promise.all(
      ['big.npy', 'fortran.npy', 'c.npy'].map(async (n) => (await run(join(folder, n))).lines[0]!),
    )
    expect({ ...a, file: '' }).toEqual({ ...c, file: '' })
    expect({ ...b, file: '' }).toEqual({ ...c, file: '' })
    const complex = header(`{'descr': '<c8', 'fortran_order': False, 'shape': (1, 1, 1), }`)
    writeFileSync(join(folder, 'complex.npy'), Buffer.concat([complex, Buffer.alloc(8)]))
    expect((await run(join(folder, 'complex.npy'))).lines[0]).toMatchObject({ code: 'npy-type' })
  })
})
