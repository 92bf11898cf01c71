import type { OverviewFilter } from '../../../preload/contract/analysis.ts'

/** What the person picked; "all" and empty mean: not filtered. */
export interface Picked {
  site: 'all' | NonNullable<OverviewFilter['site']>
  /** The letter of a reader who is left out; "all" leaves out nobody. */
  without: string
  from: string
  to: string
}
export const nothingFiltered: Picked = { site: 'all', without: 'all', from: '', to: '' }

const isDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text)

/** The filter as the contract takes it; undefined where nothing is filtered. `letters`: of all readers of the study. */
export function asRequest(picked: Picked, letters: readonly string[] = []): OverviewFilter | undefined {
  const readers = letters.filter((letter) => letter !== picked.without)
  const filter: OverviewFilter = {
    ...(picked.site === 'all' ? {} : { site: picked.site }),
    ...(picked.without === 'all' || readers.length === 0 ? {} : { readers }),
    ...(isDay(picked.from) ? { from: picked.from } : {}),
    ...(isDay(picked.to) ? { to: picked.to } : {}),
  }
  return Object.keys(filter).length > 0 ? filter : undefined
}
