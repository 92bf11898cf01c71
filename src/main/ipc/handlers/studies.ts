import type { Services } from '../../app/compose.ts'
import type { Handlers } from '../router.ts'
import type { WindowSide } from '../window-side.ts'

/** Studies, their design, their scans and the regions on them. */
export const studiesHandlers = (
  s: Services,
  window: WindowSide,
): Pick<Handlers, 'studies' | 'designs' | 'scans' | 'regions'> => ({
  studies: {
    templates: () => s.studies.templates(),
    create: (request, caller) => s.studies.create(caller, request),
    list: (_request, caller) => s.studies.list(caller),
    get: ({ studyId }, caller) => s.studies.get(caller, studyId),
    setReaders: (request, caller) => s.studies.setReaders(caller, request),
    makeDemonstration: (request, caller) => s.demonstration.make(caller, request),
    setReadersSeeAfterwards: (request, caller) => s.studies.setReadersSeeAfterwards(caller, request),
    open: ({ studyId }, caller) => s.studies.open(caller, studyId),
  },
  designs: {
    get: ({ studyId }, caller) => s.designs.get(caller, studyId),
    set: (request, caller) => s.designs.set(caller, request),
    candidates: ({ studyId }, caller) => s.designs.candidates(caller, studyId),
    addCase: (request, caller) => s.designs.addCase(caller, request),
    removeCase: (request, caller) => s.designs.removeCase(caller, request),
    models: ({ studyId }, caller) => s.designs.pairable(caller, studyId),
    predict: async (request, caller) => ({ jobId: (await s.designs.predict(caller, request)).jobId }),
    sampleSize: (request) => s.designs.sampleSize(request),
    makePractice: async (request, caller) => ({ jobId: (await s.practiceStudies.make(caller, request)).jobId }),
  },
  scans: {
    list: ({ studyId }, caller) => s.scans.list(caller, studyId),
    chooseFolder: async () => ({ path: await window.chooseFolder() }),
    preview: async (request, caller) => {
      const { previewId, jobId } = await s.scans.preview(caller, request)
      return { previewId, jobId }
    },
    previewResult: ({ previewId, from = 0 }, caller) => s.scans.previewResult(caller, previewId, from, 1000),
    import: async (request, caller) => ({ jobId: (await s.scans.import(caller, request)).jobId }),
    discard: async ({ previewId }, caller) => {
      await s.scans.discard(caller, previewId)
      return {}
    },
    makePractice: (request, caller) => s.practice.make(caller, request),
    practiceSets: () => s.practice.sets(),
  },
  regions: {
    list: ({ studyId }, caller) => s.regions.list(caller, studyId),
    place: (request, caller) => s.regions.place(caller, request),
    placeOwn: (request, caller) => s.regions.placeOwn(caller, request),
  },
})
