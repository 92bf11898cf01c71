import { join } from 'node:path'
import { writeFileSync } from 'node:fs'
import { dress, eyeOn } from './looks.ts'
import { expect, takeErrors, test } from './window.ts'

test('a department’s server that is not there at the start is said in words, with what to do', async ({
  data,
  open,
}, info) => {
  writeFileSync(join(data, 'database.json'), JSON.stringify({ database: 'postgres://concord@127.0.0.1:1/concord' }))
  const window = await open()
  const { at } = window
  const eye = eyeOn(window, info.outputPath('pictures'))
  for (const [language, theme, words] of [
    ['en', 'dark', 'ask whoever runs the server'],
    ['de', 'light', 'wer den Server betreut'],
  ] as const) {
    await at('failure').waitFor()
    await dress(window, language, theme)
    await expect(at('failure')).toHaveAttribute('data-code', 'database-unreachable')
    await expect(at('failure')).toContainText(words)
    await eye.look(language)
  }
  await window.click('retry')
  await expect(at('failure')).toBeVisible()
  takeErrors(window)
  expect(eye.problems).toEqual([])
})
