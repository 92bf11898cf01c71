import { dataFolders } from '../../src/main/app/paths.ts'
import { hashPassword } from '../../src/main/services/accounts/passwords.ts'
import { writeDepartment } from '../fixtures/department-study.ts'
import { expect, password, test, visit, type Window } from './window.ts'

/** Where figures of a filter stand: on the screen, and far below it. */
const cards = [
  'overview-rescan',
  'overview-alpha',
  'overview-sites',
  'overview-rescan-pairs',
  'overview-pairs',
  'overview-at-cut',
  'overview-coefficients',
  'overview-over-time',
] as const

/** The words of every card, and of one that still has the figures before that it is behind. */
const words = ({ page }: Window): Promise<string[]> =>
  page.evaluate(
    (names) =>
      names.map((name) => {
        const card = document.querySelector(`[data-test="${name}"]`)
        return card?.closest('.behind') ? 'behind' : (card?.textContent ?? '')
      }),
    cards,
  )

/** All figures of what is picked, intervals included. */
async function calm(window: Window): Promise<string[]> {
  await expect
    .poll(async () => (await words(window)).join())
    .not.toMatch(/behind|is being computed|The intervals follow/)
  return words(window)
}

test('a filter reaches the cards on the screen and those below it, and nothing of the filter before stays', async ({
  data,
  open,
}) => {
  const size = { readers: 12, scans: 240, votes: 2000, waiting: 4 }
  const { studyId } = await writeDepartment(dataFolders(data).database, {
    ...size,
    passwordHash: await hashPassword(password),
  })
  const window = await open()
  await window.signIn('lead')
  await visit(window, `/studies/${studyId}/overview`)
  const pick = (value: string) => window.at('overview-filter-site').selectOption(value)
  const all = await calm(window)
  await pick('tibia')
  // On the screen at once: what is seen is never of two filters.
  await expect(window.at('overview-rescan')).not.toHaveText(all[0]!)
  const tibia = await calm(window)
  await pick('radius')
  await expect(window.at('overview-rescan')).not.toHaveText(tibia[0]!)
  const radius = await calm(window)
  for (const [index, name] of cards.entries()) expect(radius[index], name).not.toBe(tibia[index])

  // Back and forth before any of them is there whole.
  for (const site of ['tibia', 'all', 'radius', 'tibia']) await pick(site)
  await expect.poll(() => words(window)).toEqual(tibia)
  // The last card comes on the screen with the same figures.
  await window.at('overview-over-time').scrollIntoViewIfNeeded()
  expect(await calm(window)).toEqual(tibia)

  // Ten of the 66 pairs stand in the card, and all of them can be asked for: they scroll in it.
  const pairs = window.at('overview-pairs').locator('tbody tr')
  await expect(pairs).toHaveCount(10)
  await window.at('overview-pairs').locator('[data-test="all-pairs"]').click()
  await expect(pairs).toHaveCount(66)
  expect((await window.at('overview-pairs').boundingBox())!.height).toBeLessThan(1000)

  // Of many readers each scan shows those who graded it: the table stands in the smallest window.
  await visit(window, `/studies/${studyId}/disagreement`)
  await window.at('disputed-row').first().waitFor()
  const list = window.page.locator('.scroll-x', { has: window.at('disputed') })
  expect(await list.evaluate((box) => box.scrollWidth - box.clientWidth)).toBeLessThanOrEqual(0)
  // The report to be printed counts as the page does.
  await visit(window, `/studies/${studyId}/report`)
  await expect(window.at('report-preview')).toContainText('2,004 of 2,052')
})
