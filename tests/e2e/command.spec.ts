import { spawn, spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { launch } from '../../scripts/lib/launch.mjs'
import { expect, test } from './window.ts'

const switches = ['--headless', '--disable-gpu', '--no-sandbox', '--log-level=3']
/** A folder's environment without any display. */
function start(data: string) {
  const { executablePath, cwd, env } = launch({ data })
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...bare } = env
  return { executablePath, cwd, bare }
}

/** The headless command as an installed package starts it (packaging/debian/concord): Electron itself, with no display at all. */
function concord(
  data: string,
  ...args: string[]
): { code: number | null; out: Record<string, unknown>[]; err: string } {
  const { executablePath, cwd, bare } = start(data)
  const done = spawnSync(executablePath, [...switches, cwd, '--concord-command', '--', ...args], {
    ...{ env: bare, cwd: data, encoding: 'utf8', timeout: 120_000 },
  })
  const lines = done.stdout.split('\n').filter((line) => line.startsWith('{'))
  return { code: done.status, err: done.stderr, out: lines.map((line) => JSON.parse(line) as Record<string, unknown>) }
}

test('the command runs in Electron itself, without a window or a display: threads, decoder, network, exit codes', ({
  data,
}) => {
  const made = concord(data, 'simulate', 'made', '--scans', '1', '--size', '64', '--slices', '3', '--readers', '1')
  expect([made.code, made.out[0]?.['scans']]).toEqual([0, 1])
  // What looks like a switch of Chromium's is the command's own word behind the two dashes.
  const seen = concord(data, 'inspect', join('made', 'scans'), '--digest', '--at', '1,1,1')
  expect(seen.code).toBe(0)
  expect(seen.out).toMatchObject([{ kind: 'image', format: 'isq', dims: [64, 64, 3] }])
  const network = concord(data, 'model', 'describe', 'scratch4')
  expect([network.code, network.out[0]?.['name']]).toEqual([0, 'scratch4'])

  const missing = concord(data, 'agreement', 'nowhere.csv')
  expect([missing.code, missing.out[0]?.['kind']]).toEqual([2, 'reject'])
  expect(concord(data, 'no-such-command').code).toBe(2)
  expect(concord(data).err).toContain('concord COMMAND')
  // No profile of Chromium's is left in the folder of the data.
  expect(readdirSync(data)).toEqual(['made'])
})

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  test(`a command that is stopped by ${signal} does not say that it did its work`, async ({ data }) => {
    const { executablePath, cwd, bare } = start(data)
    const args = ['simulate', 'made', '--scans', '500', '--size', '256', '--slices', '64', '--readers', '1']
    const child = spawn(executablePath, [...switches, cwd, '--concord-command', '--', ...args], {
      ...{ env: bare, cwd: data, stdio: ['ignore', 'ignore', 'pipe'] },
    })
    const ended = new Promise<[number | null, string | null]>((told) => child.once('exit', (...how) => told(how)))
    // It works once it counts scans.
    await new Promise((told) => child.stderr.once('data', told))
    child.kill(signal)
    expect((await ended)[0]).not.toBe(0)
  })
