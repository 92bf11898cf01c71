import { networkTitle } from './networkTitle.ts'

type Translate = (key: string, named?: Record<string, unknown>) => string

/** As the program names what it trains, and what was trained again from a card: the time follows an arrow. */
const own = /^(\S+) · (.+) · seed (\d+)((?: ↻ .+)?)$/

/** What a model is called: a name that the program gave, in the person's language; one that a person gave, as it is. */
export function modelTitle(name: string, t: Translate): string {
  const [, network = '', labelSet, seed, again = ''] = own.exec(name) ?? []
  const title = networkTitle(network, t)
  return title === network ? name : `${title} · ${labelSet} · ${t('recipe.seed', { seed })}${again}`
}
