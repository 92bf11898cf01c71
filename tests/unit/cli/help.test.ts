import { expect, it, vi } from 'vitest'
import { runCommand } from '../../../src/main/cli/run.ts'

it.each(['agreement', 'simulate', 'account', 'model', 'study', 'train'])(
  'concord %s --help says how it is called and does nothing',
  async (name) => {
    const said: string[] = []
    const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0)
    const err = vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0)
    try {
      expect(await runCommand([name, '--help'])).toBe(0)
    } finally {
      out.mockRestore()
      err.mockRestore()
    }
    expect(said.join('')).toContain(`${name} `)
  },
)
