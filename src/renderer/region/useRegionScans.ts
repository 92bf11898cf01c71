import { computed, onMounted, ref, shallowRef, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { Region, RegionScan } from '../../preload/contract/regions.ts'
import { api } from '../api.ts'
import { useLoad } from '../parts/useLoad.ts'
import { useVolumes } from '../viewer/useVolumes.ts'
import { wishOf } from '../viewer/volume-store.ts'

/** The radiographs of the study in the address, which of them is in front, and which comes next. */
export function useRegionScans() {
  const route = useRoute()
  const router = useRouter()
  const { volumes } = useVolumes()
  const studyId = computed(() => String(route.params['studyId']))
  const loaded = useLoad(() => api.regions.list({ studyId: studyId.value }))
  const scans = shallowRef<RegionScan[]>([])
  /** Which scan is in front where the address names none: it stays while its region is kept. */
  const opened = ref<string | null>(null)
  watch(
    () => loaded.value.value,
    (found) => {
      scans.value = found?.scans ?? []
      opened.value = (scans.value.find(({ region }) => region === null) ?? scans.value[0])?.scanId ?? null
    },
  )
  onMounted(loaded.load)
  watch(studyId, loaded.load)

  const at = computed(() => {
    const asked = scans.value.findIndex(({ scanId }) => scanId === (route.params['scanId'] || opened.value))
    return Math.max(0, asked)
  })
  const scan = computed(() => scans.value[at.value] ?? null)
  const placed = computed(() => scans.value.filter(({ region }) => region !== null).length)
  watch(scan, () => {
    // The two after this one are fetched meanwhile.
    const next = scans.value.slice(at.value + 1, at.value + 3)
    volumes.ahead(next.map(wishOf))
  })

  async function show(index: number): Promise<void> {
    const to = scans.value[index]
    if (to) await router.replace({ name: 'regions', params: { studyId: studyId.value, scanId: to.scanId } })
  }
  /** The next without a square after this one, from the start again; or the next at all. */
  function following(): number {
    const order = scans.value.map((_, i) => (at.value + 1 + i) % scans.value.length)
    return order.find((i) => scans.value[i]!.region === null) ?? Math.min(at.value + 1, scans.value.length - 1)
  }

  /** Who placed it is this person; the list says so by name when it is fetched again. */
  function kept(scanId: string, region: Region): void {
    scans.value = scans.value.map((one) =>
      one.scanId === scanId ? { ...one, region: { ...region, by: one.region?.by ?? '' } } : one,
    )
  }
  return { studyId, loaded, scans, at, scan, placed, kept, show, following }
}
