import type { Services } from '../../app/compose.ts'
import type { Handlers } from '../router.ts'
import type { WindowSide } from '../window-side.ts'

/** What the votes say, and what is made of them. */
export const figuresHandlers = (
  s: Services,
  window: WindowSide,
): Pick<Handlers, 'analysis' | 'keys' | 'labels' | 'reports' | 'exports'> => ({
  analysis: {
    overview: ({ studyId, ...wanted }, caller) => s.analysis.overviewWritten(caller, studyId, wanted),
    disputedPage: (request, caller) => s.analysis.disputedPage(caller, request),
    seal: (request, caller) => s.rounds.seal(caller, request),
    unblind: ({ studyId }, caller) => s.rounds.unblind(caller, studyId),
    showNames: (request, caller) => s.rounds.showNames(caller, request),
    adjudicate: (request, caller) => s.rounds.adjudicate(caller, request),
    importTruth: async ({ studyId }, caller) => {
      const path = await window.chooseFile(['csv'])
      return path === null ? null : s.references.importFile(caller, { studyId, path })
    },
    quality: ({ studyId }, caller) => s.quality.of(caller, studyId),
  },
  keys: {
    state: ({ studyId }, caller) => s.keepers.state(caller, studyId),
    recovery: ({ studyId }, caller) => s.keepers.recovery(caller, studyId),
    saveRecovery: (request, caller) => s.keepers.saveRecovery(caller, request, window.askWhere),
    recoveryKept: ({ studyId }, caller) => s.keepers.recoveryKept(caller, studyId),
    unlock: (request, caller) => s.keepers.unlock(caller, request),
  },
  labels: {
    list: ({ studyId }, caller) => s.labels.list(caller, studyId),
    freeze: (request, caller) => s.labels.freeze(caller, request),
  },
  reports: {
    notes: ({ studyId }, caller) => s.reportNotes.get(caller, studyId),
    saveNotes: (request, caller) => s.reportNotes.save(caller, request),
  },
  exports: {
    votes: ({ studyId, named }, caller) => s.exports.votes(caller, studyId, window.askWhere, named),
    folder: (request, caller) => s.exports.folder(caller, request, window.chooseFolder),
    agreement: ({ studyId }, caller) => s.exports.agreement(caller, studyId, window.askWhere),
    labels: ({ labelSetId }, caller) => s.exports.labels(caller, labelSetId, window.askWhere),
    predictions: ({ modelId }, caller) => s.exports.predictions(caller, modelId, window.askWhere),
    report: ({ studyId, language }, caller) =>
      s.exports.report(caller, { studyId, language }, window.askWhere, window.printPdf),
  },
})
