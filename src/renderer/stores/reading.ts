import { computed, ref, shallowRef } from 'vue'
import { defineStore } from 'pinia'
import type { Desk } from '../../preload/contract/reading.ts'
import { api, asFailure, type Failure } from '../api.ts'
import { obstacle, voteOf, type Pick, type Sight } from '../reading/pick.ts'

export type Hint = NonNullable<ReturnType<typeof obstacle>> | 'nothing-to-undo'

/** The vote is not wanted any more: the study was closed meanwhile, or the scan was answered from elsewhere. */
const gone = new Set(['study-not-open', 'vote-not-next', 'assignment-unknown'])

/** The reader's desk: the scan in front, what is picked for it, and the votes' way to the disk. */
export const useReading = defineStore('reading', () => {
  const studyId = ref<string | null>(null)
  const desk = shallowRef<Desk | null>(null)
  /** The desk could not be fetched. */
  const failure = shallowRef<Failure | null>(null)
  /** The last vote or its taking back did not go through; what was picked is still picked. */
  const trouble = shallowRef<{ of: 'cast' | 'undo' | 'stale'; failure: Failure } | null>(null)
  const hint = ref<Hint | null>(null)
  const pick = shallowRef<Pick | null>(null)
  const worstSlice = ref<number | null>(null)
  const note = ref('')
  const sight = shallowRef<Sight | null>(null)
  const busy = ref(false)
  const paused = ref(false)
  /** The scan whose vote was just taken back. */
  const takenBack = ref<number | null>(null)
  let pausedAt = 0

  const current = computed(() => desk.value?.current ?? null)

  function take(next: Desk): void {
    const other = next.current?.assignmentId !== current.value?.assignmentId
    desk.value = next
    trouble.value = null
    hint.value = null
    if (!other) return
    // Never preselected: each scan starts with nothing picked, also one that comes back.
    pick.value = null
    worstSlice.value = null
    note.value = ''
    sight.value = null
  }

  async function load(id: string): Promise<void> {
    if (studyId.value !== id) clear()
    studyId.value = id
    failure.value = null
    try {
      take(await api.reading.desk({ studyId: id }))
    } catch (caught) {
      failure.value = asFailure(caught)
    }
  }

  /** The picture of a scan, or the sentence that there is none, was first on the screen: the clock starts. */
  function saw(scanId: string, of: Sight['of']): void {
    if (current.value?.scanId !== scanId || sight.value?.of === of) return
    sight.value = { of, since: new Date() }
    if (hint.value === 'not-shown') hint.value = null
  }

  function choose(next: Pick | null): void {
    if (busy.value || paused.value || !current.value) return
    // A grade is for a picture that was seen.
    hint.value = next && obstacle(next, sight.value) === 'not-shown' ? 'not-shown' : null
    if (!hint.value) pick.value = next
  }

  async function send(of: 'cast' | 'undo', request: () => Promise<Desk>): Promise<boolean> {
    busy.value = true
    trouble.value = null
    try {
      take(await request())
      return true
    } catch (caught) {
      const why = asFailure(caught)
      if (of === 'cast' && gone.has(why.code)) {
        // Casting again would not help: the desk is fetched anew, and the sentence stays with it.
        if (studyId.value) await load(studyId.value)
        trouble.value = { of: 'stale', failure: why }
      } else {
        trouble.value = { of, failure: why }
      }
      return false
    } finally {
      busy.value = false
    }
  }

  /** Sends the vote and moves on only when it is on the disk. */
  async function cast(): Promise<void> {
    const item = current.value
    if (busy.value || paused.value || !item) return
    hint.value = obstacle(pick.value, sight.value)
    if (hint.value || !pick.value || !sight.value) return
    const vote = voteOf(item.assignmentId, pick.value, sight.value.since, {
      worstSlice: worstSlice.value,
      note: note.value,
    })
    if (await send('cast', () => api.reading.cast(vote))) takenBack.value = null
  }

  async function undo(): Promise<void> {
    const id = studyId.value
    if (busy.value || paused.value || !id || !desk.value) return
    if (!desk.value.undoable) return void (hint.value = 'nothing-to-undo')
    const { position } = desk.value.undoable
    if (await send('undo', () => api.reading.undo({ studyId: id }))) takenBack.value = position
  }

  /** The clock stands still while the reader is away: the time on a vote is time spent looking. */
  function pause(on: boolean): void {
    if (on === paused.value) return
    paused.value = on
    if (on) pausedAt = Date.now()
    else if (sight.value) {
      sight.value = { ...sight.value, since: new Date(sight.value.since.getTime() + Date.now() - pausedAt) }
    }
  }

  function clear(): void {
    studyId.value = null
    desk.value = null
    failure.value = null
    trouble.value = null
    hint.value = null
    pick.value = null
    worstSlice.value = null
    note.value = ''
    sight.value = null
    paused.value = false
    takenBack.value = null
  }

  return {
    ...{ desk, failure, trouble, hint, pick, worstSlice, note, sight, busy, paused, takenBack, current },
    ...{ load, saw, choose, cast, undo, pause, clear },
  }
})
