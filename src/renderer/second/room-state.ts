import { Failure } from '../api.ts'
import type { useReading } from '../stores/reading.ts'

type Reading = ReturnType<typeof useReading>
const copied = [
  ...(['desk', 'hint', 'pick', 'worstSlice', 'note', 'confidence', 'stacks', 'stack', 'busy', 'paused'] as const),
  ...(['takenBack', 'lesson'] as const),
] as const

/** What of the desk is seen: the reader's own, as text can carry it. */
export type RoomState = Pick<Reading, (typeof copied)[number]> & {
  sight: 'picture' | 'failure' | null
  trouble: { of: 'cast' | 'undo' | 'stale' | 'away'; code: string; message: string } | null
}

export function roomState(reading: Reading): RoomState {
  const { trouble, sight } = reading
  const { code, message } = trouble?.failure ?? { code: '', message: '' }
  return {
    ...(Object.fromEntries(copied.map((name) => [name, reading[name]])) as Pick<Reading, (typeof copied)[number]>),
    sight: sight?.of ?? null,
    trouble: trouble && { of: trouble.of, code, message },
  }
}

/** Shows at this desk what the other window's is like. Nothing is asked of the program for it. */
export function showRoom(reading: Reading, { sight, trouble, ...same }: RoomState): void {
  Object.assign(reading, same, {
    sight: sight && { of: sight, since: new Date() },
    trouble: trouble && { of: trouble.of, failure: new Failure(trouble) },
  })
}
