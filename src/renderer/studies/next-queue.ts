import type { Queue } from '../../preload/contract/reading.ts'
import type { Role } from '../../preload/contract/route.ts'
import type { Study } from '../../preload/contract/studies.ts'
import { firstPage } from '../router/home.ts'

/** The study that a reader goes on with: the first of the list that has a scan to grade now. Null for whoever comes to do something else. */
export function nextQueue(
  studies: readonly Pick<Study, 'id' | 'state'>[],
  queues: readonly Queue[],
  roles: readonly Role[],
): string | null {
  const ready = new Set(queues.filter((queue) => queue.ready).map((queue) => queue.studyId))
  return studies.find(({ id, state }) => ready.has(id) && firstPage(roles, state) === 'reading')?.id ?? null
}
