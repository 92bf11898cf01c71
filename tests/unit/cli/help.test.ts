import { describe, expect, it } from 'vitest'
import { runCommand } from '../../../src/main/cli/run.ts'

async function ran(...args: string[]) {
  const [out, err]: [string[], string[]] = [[], []]
  const code = await runCommand(args, { out: (line) => void out.push(line), err: (line) => void err.push(line) })
  return { code, out: out.join('\n'), err: err.join('\n') }
}
const names = (await ran('--help')).out.split('\n').flatMap((line) => /^ {2}(\w+) /.exec(line)?.[1] ?? [])

describe.each(names)('concord %s', (name) => {
  it('--help says how it is called and does nothing', async () => {
    const { code, out, err } = await ran(name, '--help')
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(new RegExp(`^concord ${name} `))
  })

  // What --help names is known: the option is not refused as unknown, whatever else is missing.
  it('knows each option of its --help, and refuses others in one sentence', async () => {
    const lines = (await ran(name, '--help')).out.split('\n').filter((line) => line.startsWith('concord '))
    expect(lines.length).toBeGreaterThan(0)
    const steps = new Set(lines.map((line) => /^concord \w+ ((?:roi |packet )?[a-z][\w-]*)/.exec(line)?.[1] ?? ''))
    for (const step of steps) {
      const own = lines.filter((line) => line.startsWith(`concord ${name} ${step}`))
      for (const [option] of own.join('\n').matchAll(/--[a-z][a-z-]+/g)) {
        const { err } = await ran(name, ...step.split(' ').filter(Boolean), option, '--no-such-option')
        expect(err, option).toMatch(/^There is no option --no-such-option here; [^\n]+$|^--[a-z-]+ needs a value\.$/)
      }
    }
    const { code, out } = await ran(name, '--no-such-option')
    expect(code).toBe(2)
    expect(JSON.parse(out)).toMatchObject({ kind: 'reject', code: 'bad-option' })
  })
})

it('a word that is no command, or no step of one, is refused in one sentence', async () => {
  for (const args of [
    ['nonsense'],
    ['toString'],
    ['study', 'nonsense'],
    ['study'],
    ['model'],
    ['pacs', 'constructor'],
  ]) {
    const { code, out, err } = await ran(...args)
    expect([code, JSON.parse(out)]).toEqual([2, { kind: 'reject', code: 'usage', message: err }])
    expect(err).toMatch(/^[^\n]+ "concord[^\n]*--help" lists what there is\.$/)
  }
})

it('the usage of one step is that step alone', async () => {
  expect((await ran('study', 'seal', '--help')).out).toBe('concord study seal STUDY [--incomplete]')
  expect((await ran('study', 'roi', '--help')).out).toMatch(
    /^concord study roi list STUDY [^\n]* subject, x, y: [^\n]*$/,
  )
})
