import type { DisputedScan } from '../../../preload/contract/analysis.ts'

export type OrderBy = 'dispute' | 'range' | 'entropy' | 'pseudonym' | 'site' | 'settled'
export interface Order {
  by: OrderBy
  down: boolean
}
export interface Filter {
  site: string
  cutOnly: boolean
  unsettledOnly: boolean
}
export const noFilter: Filter = { site: 'all', cutOnly: false, unsettledOnly: false }

export function filtered(rows: readonly DisputedScan[], filter: Filter): DisputedScan[] {
  return rows.filter(
    (row) =>
      (filter.site === 'all' || row.site === filter.site) &&
      (!filter.cutOnly || row.acrossCut) &&
      (!filter.unsettledOnly || row.adjudicated === null),
  )
}

/** "dispute" is the order of the main process, most disputed first; all others fall back to it among equals. */
export function sorted(rows: readonly DisputedScan[], order: Order): DisputedScan[] {
  const value: Record<OrderBy, (row: DisputedScan, i: number) => number | string> = {
    dispute: (_row, i) => -i,
    range: (row) => row.range,
    entropy: (row) => row.entropy,
    pseudonym: (row) => row.pseudonym,
    site: (row) => `${row.site} ${row.side}`,
    settled: (row) => (row.adjudicated ? 1 : 0),
  }
  const keyed = rows.map((row, i) => ({ row, key: value[order.by](row, i) }))
  keyed.sort((a, b) => {
    const way = a.key < b.key ? -1 : a.key > b.key ? 1 : 0
    return order.down ? -way : way
  })
  return keyed.map(({ row }) => row)
}
