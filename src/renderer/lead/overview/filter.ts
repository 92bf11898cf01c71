import type { OverviewFilter } from '../../../preload/contract/analysis.ts'

/** What the person picked; "all" and empty mean: not filtered. */
export interface Picked {
  site: 'all' | NonNullable<OverviewFilter['site']>
  /** The letter of a reader who is left out; "all" leaves out nobody. */
  without: string
  from: string
  to: string
  /** The rule whose labels are asked about, and the label: a grade as text, "none" for no label, "all" for any. */
  rule: NonNullable<OverviewFilter['rule']>
  label: string
}
export const nothingFiltered: Picked = { site: 'all', without: 'all', from: '', to: '', rule: 'majority', label: 'all' }

export const sites = ['all', 'tibia', 'radius', 'calcaneus', 'other'] as const
export const rules = ['majority', 'rounded-mean', 'median', 'dawid-skene'] as const

const isDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text)

/** The filter as the contract takes it; undefined where nothing is filtered. `letters`: of all readers of the study. */
export function asRequest(picked: Picked, letters: readonly string[] = []): OverviewFilter | undefined {
  const readers = letters.filter((letter) => letter !== picked.without)
  const filter: OverviewFilter = {
    ...(picked.site === 'all' ? {} : { site: picked.site }),
    ...(picked.without === 'all' || readers.length === 0 ? {} : { readers }),
    ...(isDay(picked.from) ? { from: picked.from } : {}),
    ...(isDay(picked.to) ? { to: picked.to } : {}),
    ...(picked.label === 'all'
      ? {}
      : { rule: picked.rule, label: picked.label === 'none' ? null : Number(picked.label) }),
  }
  return Object.keys(filter).length > 0 ? filter : undefined
}

/** True where something is left out. */
export function isFiltered(picked: Picked): boolean {
  const { site, without, from, to, label } = picked
  return site !== 'all' || without !== 'all' || label !== 'all' || from !== '' || to !== ''
}

/** The filter as part of an address, so that the list of disputed scans opens with it; and back. */
export function asQuery(picked: Picked): Record<string, string> {
  return Object.fromEntries(
    Object.entries(picked).filter(([key, value]) => value !== nothingFiltered[key as keyof Picked]),
  )
}
export function fromQuery(query: Record<string, unknown>): Picked {
  const text = (key: keyof Picked): string => {
    const value = query[key]
    return typeof value === 'string' && value.length < 40 ? value : nothingFiltered[key]
  }
  const oneOf = <T extends string>(all: readonly T[], key: keyof Picked, other: T): T =>
    all.find((one) => one === text(key)) ?? other
  return {
    ...{ site: oneOf(sites, 'site', 'all'), rule: oneOf(rules, 'rule', 'majority') },
    ...{ without: text('without'), label: text('label'), from: text('from'), to: text('to') },
  }
}
