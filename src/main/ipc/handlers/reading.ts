import { ConcordError } from '../../domain/error.ts'
import type { Session } from '../../../preload/contract/accounts.ts'
import type { Services } from '../../app/compose.ts'
import type { Desk, Handlers } from '../router.ts'
import type { WindowSide } from '../window-side.ts'

/** Who is at a window that asks before sign-in too: nobody, or whoever is not kept out by the lock. Error: `locked`. */
function atDesk(desk: Desk): Session | null {
  if (desk.session && (desk.locked || desk.session.mustChangePassword))
    throw new ConcordError('locked', 'The window is locked. Unlock it with your password.')
  return desk.session
}

/** Reading, at this workstation and by packets. */
export const readingHandlers = (s: Services, window: WindowSide): Pick<Handlers, 'reading' | 'motion' | 'packets'> => ({
  reading: {
    desk: ({ studyId }, caller) => s.reading.desk(caller, studyId),
    cast: (request, caller) => s.reading.cast(caller, request),
    undo: ({ studyId }, caller) => s.reading.undo(caller, studyId),
    keepPlace: async (request, caller) => {
      await s.readerSettings.keepPlace(caller, request)
      return {}
    },
    settings: (_request, caller) => s.readerSettings.get(caller),
    keepSettings: (settings, caller) => s.readerSettings.keep(caller, settings),
    exemplars: ({ studyId }, caller) => s.calibration.exemplars(caller, studyId),
    calibration: ({ studyId }, caller) => s.calibration.own(caller, studyId),
    queues: (_request, caller) => s.queues.own(caller),
    progress: ({ studyId }, caller) => s.reading.progress(caller, studyId),
    comparison: ({ studyId }, caller) => s.comparisons.own(caller, studyId),
  },
  motion: {
    own: (request, caller) => s.motion.own(caller, request),
    ofScan: (request, caller) => s.motion.ofScan(caller, request),
  },
  packets: {
    overview: ({ studyId }, caller) => s.packets.overview(caller, studyId),
    make: (request, caller) => s.packets.atWindow.make(caller, request, window.askWhere),
    choose: async ({ kind }) => ({ path: await window.chooseFile([`concord-${kind}`]) }),
    preview: (request, caller) => s.packets.atWindow.preview(caller, request),
    merge: (request, caller) => s.packets.atWindow.merge(caller, request),
    result: ({ jobId }, caller) => s.packets.atWindow.result(caller, jobId),
    state: (_request, _caller, desk) => s.packets.atWindow.state(atDesk(desk)),
    inspect: (request, _caller, desk) => s.packets.inspect(atDesk(desk), request),
    open: async (request, _caller, desk) => {
      await s.packets.atWindow.open(atDesk(desk), request)
      return {}
    },
    stopOpening: async (_request, _caller, desk) => {
      await s.packets.atWindow.stopOpening(atDesk(desk))
      return {}
    },
    own: ({ studyId }, caller) => s.packets.own(caller, studyId),
    take: (request, caller) => s.packets.atWindow.take(caller, request, window.askWhere),
  },
})
