import { computed, shallowRef, type ComputedRef } from 'vue'
import type { DisputedPage, DisputedScan } from '../../../preload/contract/analysis.ts'
import { api } from '../../api.ts'
import { useLoad } from '../../parts/useLoad.ts'
import { nextUnsettled } from './next.ts'

/** So many scans come at once; a study of a hundred thousand has too many for one answer. */
const portion = 200

/**
 * The disputed scans of a study, most disputed first, read from the start by portions as far as somebody went: each place in the
 * list stays what it was while its scans are settled.
 */
export function useDisputedList(studyId: ComputedRef<string>) {
  const rows = shallowRef<readonly DisputedScan[]>([])
  const counts = shallowRef<Pick<DisputedPage, 'total' | 'unsettled'>>({ total: 0, unsettled: 0 })

  async function more(): Promise<boolean> {
    const {
      rows: next,
      total,
      unsettled,
    } = await api.analysis.disputedPage({
      ...{ studyId: studyId.value, only: { acrossCut: false, unsettled: false, conflict: false } },
      ...{ order: { by: 'dispute', down: true }, offset: rows.value.length, limit: portion },
    })
    rows.value = [...rows.value, ...next]
    counts.value = { total, unsettled }
    return next.length > 0
  }
  const page = useLoad(async () => {
    rows.value = []
    await more()
    return rows.value
  })

  /** Reads on until a scan passes the question, or all are there. */
  async function until(here: () => boolean): Promise<boolean> {
    while (!here()) if (rows.value.length >= counts.value.total || !(await more())) return here()
    return true
  }
  const placeOf = (scanId: string | null): number => rows.value.findIndex((row) => row.scanId === scanId)

  return {
    ...{ page, rows },
    total: computed(() => counts.value.total),
    unsettled: computed(() => counts.value.unsettled),
    /** Whether the scan is in the list, wherever. */
    holds: (scanId: string): Promise<boolean> => until(() => placeOf(scanId) >= 0),
    /** The scan at a place, from 0; null behind the end. */
    async at(place: number): Promise<string | null> {
      await until(() => rows.value.length > place)
      return rows.value[place]?.scanId ?? null
    },
    /** The next scan nobody settled after the given one, round to the start; null where there is none. */
    async nextAfter(scanId: string | null): Promise<string | null> {
      const behind = () => rows.value.slice(placeOf(scanId) + 1).some((row) => row.adjudicated === null)
      if (counts.value.unsettled > 0) await until(behind)
      return nextUnsettled(rows.value, scanId)
    },
    settled(scan: DisputedScan): void {
      const before = rows.value.find((row) => row.scanId === scan.scanId)
      rows.value = rows.value.map((row) => (row.scanId === scan.scanId ? scan : row))
      const { total, unsettled } = counts.value
      if (before?.adjudicated === null) counts.value = { total, unsettled: unsettled - 1 }
    },
  }
}
