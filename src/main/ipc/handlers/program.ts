import type { Services } from '../../app/compose.ts'
import type { Handlers } from '../router.ts'
import type { WindowSide } from '../window-side.ts'

/** The program itself and its long work. */
export const programHandlers = (s: Services, window: WindowSide): Pick<Handlers, 'program' | 'jobs'> => ({
  program: {
    about: (_request, caller) => {
      const { dataFolder, ...about } = window.about()
      const mayKnow = caller.roles.some((role) => role === 'administrator' || role === 'lead')
      return { ...about, dataFolder: mayKnow ? dataFolder : null }
    },
    fullScreen: ({ on }) => ({ on: window.fullScreen(on) }),
    secondWindow: ({ act }) => window.secondWindow(act),
    diagnostics: async () => ({ text: await window.diagnostics(s.settings.get()) }),
    loopDelay: ({ reset }) => window.loopDelay(reset),
    parts: () => ({ parts: s.parts.list() }),
    partText: ({ text }) => ({ text: s.parts.text(text) }),
    device: () => s.learner.device(),
  },
  jobs: {
    list: (_request, caller) => s.jobs.list(caller.accountId),
    cancel: ({ jobId }, caller) => {
      if (s.jobs.ownerOf(jobId) === caller.accountId) s.jobs.cancel(jobId)
      return {}
    },
  },
})
