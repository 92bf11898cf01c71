import { computed, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import type { Line } from './measure.ts'
import { noSlab, slabSizes, type Slab } from './plane.ts'
import type { Triple, VolumeHeader } from './volume.ts'

/** What a reader has laid over the picture, beside slice and window. */
export interface Tools {
  planes: Ref<boolean>
  slab: ShallowRef<Slab>
  crosshair: Ref<boolean>
  histogram: Ref<boolean>
  lens: Ref<boolean>
  measuring: Ref<boolean>
  line: ShallowRef<Line | null>
  /** Column and row of the cursor; the slice is the one shown. */
  place: ShallowRef<readonly [column: number, row: number]>
  cursor: ComputedRef<Triple>
  /** Whether the arrows move the cursor instead of the slices. */
  aiming: ComputedRef<boolean>
  nextSlab: () => void
  nextThickness: () => void
  /** Moves the cursor, within the volume; an end of the line that is being set goes with it. */
  move: (columns: number, rows: number) => void
  /** Puts the cursor on a voxel of the slice. */
  put: (voxel: Triple) => void
  /** The measure's one key: lay it out, set its first end, its second, take it away. */
  measure: () => void
  /** A line of another slice is gone; a scan that opens starts with the cursor in its middle and nothing measured. */
  reset: () => void
}

/** @param planes Whether the three planes show. */
export function useTools(header: () => VolumeHeader | null, slice: Ref<number>, planes: Ref<boolean>): Tools {
  const slab = shallowRef<Slab>(noSlab)
  const crosshair = ref(false)
  const histogram = ref(false)
  const lens = ref(false)
  const measuring = ref(false)
  const line = shallowRef<Line | null>(null)
  /** The first end is set, the second goes with the cursor. */
  const open = ref(false)
  const place = shallowRef<readonly [number, number]>([0, 0])
  const cursor = computed<Triple>(() => [place.value[0], place.value[1], slice.value])

  function put([column, row]: Triple): void {
    const dims = header()?.dims
    if (!dims) return
    const within = (value: number, size: number) => Math.min(size - 1, Math.max(0, Math.round(value)))
    place.value = [within(column, dims[0]), within(row, dims[1])]
    if (open.value && line.value) line.value = { from: line.value.from, to: cursor.value }
  }
  function measure(): void {
    if (!measuring.value) measuring.value = true
    else if (!line.value) {
      line.value = { from: cursor.value, to: cursor.value }
      open.value = true
    } else if (open.value) open.value = false
    else {
      line.value = null
      measuring.value = false
    }
  }
  function reset(): void {
    const dims = header()?.dims
    line.value = null
    open.value = false
    if (dims) place.value = [Math.floor(dims[0] / 2), Math.floor(dims[1] / 2)]
  }

  return {
    ...{ planes, slab, crosshair, histogram, lens, measuring, line, place, cursor },
    aiming: computed(() => crosshair.value || measuring.value),
    nextSlab() {
      const next = { off: 'max', max: 'mean', mean: 'off' } as const
      slab.value = { ...slab.value, mode: next[slab.value.mode] }
    },
    nextThickness() {
      const at = slabSizes.findIndex((size) => size === slab.value.thickness)
      slab.value = {
        mode: slab.value.mode === 'off' ? 'max' : slab.value.mode,
        thickness: slabSizes[(at + 1) % slabSizes.length]!,
      }
    },
    move: (columns, rows) => put([place.value[0] + columns, place.value[1] + rows, slice.value]),
    ...{ put, measure, reset },
  }
}
