import { computed, ref, shallowRef } from 'vue'
import { defineStore } from 'pinia'
import type { Desk, Feedback, Place, QueueItem } from '../../preload/contract/reading.ts'
import { api, asFailure, onEvent, type Failure } from '../api.ts'
import { lookedMs, start, stop, stopped } from '../reading/clock.ts'
import { obstacle, ofStacks, voteOf, type Pick, type Remarks, type Sight } from '../reading/pick.ts'

export type Hint = NonNullable<ReturnType<typeof obstacle>> | 'nothing-to-undo'

/** The vote is not wanted any more: the study was closed meanwhile, or the scan was answered from elsewhere. */
const gone = new Set(['study-not-open', 'vote-not-next', 'assignment-unknown'])

const unreachable = 'database-unreachable'
/** Milliseconds between two tries to hand a vote in while the server is away. */
const tryEvery = 2000

type Vote = ReturnType<typeof voteOf>
/** The same vote, however long it was looked at meanwhile. */
const isSame = (a: Vote, b: Vote): boolean => {
  const content = ({ lookedMs: _looked, request: _request, ...rest }: Vote): string => JSON.stringify(rest)
  return content(a) === content(b)
}

/** The reader's desk: the scan in front, what is picked for it, and the votes' way to the disk. */
export const useReading = defineStore('reading', () => {
  const studyId = ref<string | null>(null)
  const desk = shallowRef<Desk | null>(null)
  /** The desk could not be fetched. */
  const failure = shallowRef<Failure | null>(null)
  /** The last vote or its taking back did not go through; what was picked is still picked. */
  const trouble = shallowRef<{ of: 'cast' | 'undo' | 'stale' | 'away'; failure: Failure } | null>(null)
  const hint = ref<Hint | null>(null)
  const pick = shallowRef<Pick | null>(null)
  const worstSlice = ref<number | null>(null)
  const note = ref('')
  const confidence = ref<number | null>(null)
  /** A grade for each stack of a scan that has several, and the one that the next digit is for. */
  const stacks = shallowRef<readonly (number | null)[]>([])
  const stack = ref(0)
  const sight = shallowRef<Sight | null>(null)
  const busy = ref(false)
  const paused = ref(false)
  /** The scan whose vote was just taken back. */
  const takenBack = ref<number | null>(null)
  /** What the reader wrote and marked with the last vote, for when it is taken back; never its grade. */
  let remarked: Vote | null = null
  /** The calibration case just voted on stays in front with its known grade until the reader goes on. */
  const lesson = shallowRef<{ item: QueueItem; of: Feedback } | null>(null)
  let clock = stopped()
  /** A vote to which no answer came: it may be counted or not, and is handed in again under its name. */
  let unsure: ReturnType<typeof voteOf> | null = null
  let again: ReturnType<typeof setTimeout> | undefined

  const current = computed(() => lesson.value?.item ?? desk.value?.current ?? null)
  const remarks = computed<Remarks>(() => ({
    ...{ worstSlice: worstSlice.value, note: note.value, confidence: confidence.value, stacks: stacks.value },
  }))
  /** What keeps the vote from being cast. */
  const missing = computed(() => obstacle(pick.value, sight.value, remarks.value, desk.value?.ask))

  function take(next: Desk): void {
    const before = current.value
    desk.value = next
    trouble.value = null
    hint.value = null
    lesson.value = next.feedback && before ? { item: before, of: next.feedback } : null
    if (!lesson.value && next.current?.assignmentId !== before?.assignmentId) openNext(before)
  }

  /** Never preselected: each scan starts with nothing picked, also one that comes back. */
  function openNext(before: QueueItem | null): void {
    const next = desk.value?.current ?? null
    pick.value = null
    worstSlice.value = null
    note.value = ''
    confidence.value = null
    stacks.value = next && next.stacks > 1 ? Array<null>(next.stacks).fill(null) : []
    stack.value = 0
    clock = stopped(desk.value?.place?.lookedMs)
    // The second vote of a pair is on the pictures that are before the reader already.
    const same = next !== null && next.scanId === before?.scanId && sight.value !== null
    if (same && sight.value) see(sight.value.of)
    else sight.value = null
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

  function see(of: Sight['of']): void {
    sight.value = { of, since: new Date() }
    if (!paused.value) clock = start(clock, Date.now())
    if (hint.value === 'not-shown') hint.value = null
  }

  /** The picture of a scan, or the sentence that there is none, was first on the screen: the clock starts. */
  function saw(scanId: string, of: Sight['of']): void {
    if (lesson.value || current.value?.scanId !== scanId || sight.value?.of === of) return
    see(of)
  }

  const deaf = (): boolean => busy.value || paused.value || lesson.value !== null || !current.value

  function choose(next: Pick | null): void {
    if (deaf()) return
    // A grade is for a picture that was seen.
    hint.value = next && obstacle(next, sight.value) === 'not-shown' ? 'not-shown' : null
    if (hint.value) return
    if (next?.kind !== 'grade' || stacks.value.length === 0) return void (pick.value = next)
    stacks.value = stacks.value.map((grade, index) => (index === stack.value ? next.grade : grade))
    pick.value = ofStacks(stacks.value)
    const left = stacks.value.indexOf(null)
    if (left >= 0) stack.value = left
  }

  function nextStack(): void {
    if (!deaf() && stacks.value.length > 0) stack.value = (stack.value + 1) % stacks.value.length
  }

  /** Unsure, fairly sure, sure, and from the start. */
  function nextConfidence(): void {
    if (deaf() || !desk.value?.ask.confidence) return
    confidence.value = ((confidence.value ?? 0) % 3) + 1
    if (hint.value === 'no-confidence') hint.value = null
  }

  function mark(slice: number): void {
    if (deaf() || desk.value?.ask.worstSlice === 'off' || sight.value?.of !== 'picture') return
    worstSlice.value = worstSlice.value === slice ? null : slice
    if (hint.value === 'no-worst-slice') hint.value = null
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
        const away = of === 'cast' && why.code === unreachable
        trouble.value = { of: away ? 'away' : of, failure: why }
      }
      return false
    } finally {
      busy.value = false
    }
  }

  /**
   * Sends the vote and moves on only when it is on the disk. From a lesson it goes on to the next scan.
   * @param first what must be kept before it; no key changes the vote meanwhile. False: it stays here.
   */
  async function cast(first?: () => Promise<boolean>): Promise<void> {
    if (lesson.value) return goOn()
    const item = current.value
    if (deaf() || !item) return
    if (first) {
      busy.value = true
      const ready = await first().finally(() => (busy.value = false))
      if (!ready || deaf()) return
    }
    hint.value = missing.value
    if (hint.value || !pick.value || !sight.value) return
    const looked = lookedMs(clock, Date.now())
    const next = voteOf(item.assignmentId, pick.value, sight.value.since, remarks.value, looked)
    const vote = unsure && isSame(unsure, next) ? unsure : { ...next, request: crypto.randomUUID() }
    unsure = vote
    if (await send('cast', () => api.reading.cast(vote))) {
      takenBack.value = null
      remarked = vote
    }
    if (trouble.value?.of !== 'away') unsure = null
    else keepTrying()
  }

  /** As long as the server is away and the reader leaves the vote as it is, it is handed in again by itself. */
  function keepTrying(): void {
    clearTimeout(again)
    again = setTimeout(() => void retry(), tryEvery)
  }
  async function retry(): Promise<void> {
    clearTimeout(again)
    if (!unsure || trouble.value?.of !== 'away' || !pick.value || !sight.value) return
    const now = voteOf(unsure.assignmentId, pick.value, sight.value.since, remarks.value)
    if (busy.value || paused.value || !isSame(unsure, now)) return keepTrying()
    await cast()
  }

  function goOn(): void {
    const before = lesson.value?.item ?? null
    if (!before || paused.value) return
    lesson.value = null
    openNext(before)
  }

  async function undo(): Promise<void> {
    const id = studyId.value
    if (busy.value || paused.value || lesson.value || !id || !desk.value) return
    if (!desk.value.undoable) return void (hint.value = 'nothing-to-undo')
    const { position } = desk.value.undoable
    if (!(await send('undo', () => api.reading.undo({ studyId: id })))) return
    takenBack.value = position
    if (!remarked || remarked.assignmentId !== current.value?.assignmentId) return
    worstSlice.value = remarked.worstSlice
    note.value = remarked.note ?? ''
  }

  /** The clock stands still while the reader is away: the time on a vote is time spent looking. */
  function pause(on: boolean): void {
    if (on === paused.value) return
    paused.value = on
    if (on) clock = stop(clock, Date.now())
    else if (sight.value && !lesson.value) clock = start(clock, Date.now())
  }

  /** Keeps where the reader is on the scan in front. That it could not be kept is no reason to disturb anybody. */
  async function keepPlace({ slice, window }: Omit<Place, 'lookedMs'>): Promise<void> {
    const item = desk.value?.current
    if (!item || lesson.value || !sight.value) return
    const place = { slice, window, lookedMs: lookedMs(clock, Date.now()) }
    await api.reading.keepPlace({ assignmentId: item.assignmentId, place }).catch(() => undefined)
  }

  function clear(): void {
    clearTimeout(again)
    unsure = null
    remarked = null
    studyId.value = null
    desk.value = null
    failure.value = null
    trouble.value = null
    hint.value = null
    lesson.value = null
    openNext(null)
    paused.value = false
    takenBack.value = null
  }

  onEvent('server', ({ reachable }) => void (reachable && retry()))

  return {
    ...{ desk, failure, trouble, hint, pick, worstSlice, note, confidence, stacks, stack, sight, busy, paused },
    ...{ takenBack, lesson, current, missing },
    ...{ load, saw, choose, nextStack, nextConfidence, mark, cast, undo, pause, keepPlace, clear },
  }
})
