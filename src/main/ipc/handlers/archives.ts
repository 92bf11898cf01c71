import type { Services } from '../../app/compose.ts'
import type { Handlers } from '../router.ts'
import type { WindowSide } from '../window-side.ts'

/** Picture archives. */
export const archivesHandlers = (s: Services, window: WindowSide): Pick<Handlers, 'pacs'> => ({
  pacs: {
    list: (_request, caller) => s.pacs.list(caller),
    save: (request, caller) => s.pacs.save(caller, request),
    remove: async ({ pacsId }, caller) => {
      await s.pacs.remove(caller, pacsId)
      return {}
    },
    chooseCertificate: async () => {
      const path = await window.chooseFile(['pem', 'crt', 'cer'])
      return path === null ? null : s.pacs.certificateIn(path)
    },
    giveCredential: async ({ pacsId, credential }, caller) => {
      await s.pacs.giveCredential(caller, pacsId, credential)
      return {}
    },
    stop: ({ pacsId }, caller) => {
      s.pacs.stop(caller, pacsId)
      return {}
    },
    test: ({ pacsId }, caller) => s.pacs.test(caller, pacsId),
    search: (request, caller) => s.pacs.search(caller, request),
    series: (request, caller) => s.pacs.series(caller, request),
    retrieve: async (request, caller) => {
      const { previewId, jobId } = await s.pacs.retrieve(caller, request)
      return { previewId, jobId }
    },
    discard: async ({ previewId }, caller) => {
      await s.scans.discard(caller, previewId)
      return {}
    },
    plan: (request, caller) => s.pacs.plan(caller, request),
    send: async (request, caller) => ({ jobId: (await s.pacs.send(caller, request)).jobId }),
    sent: ({ jobId }, caller) => s.pacs.sent(caller, jobId),
  },
})
