import { ConcordError } from '../domain/error.ts'
import type { Settings } from '../../preload/contract/settings.ts'
import type { AskWhere } from '../services/context.ts'
import type { PrintPdf } from '../services/export/index.ts'
import type { Services } from '../app/compose.ts'
import type { Session } from '../../preload/contract/accounts.ts'
import type { Desk, Handlers } from './router.ts'

/** What only the window can do for a handler. */
export interface WindowSide {
  chooseFolder(): Promise<string | null>
  /** @param endings Of the files that are shown. */
  chooseFile(endings: string[]): Promise<string | null>
  askWhere: AskWhere
  printPdf: PrintPdf
  about(): { version: string; electron: string; chrome: string; node: string; platform: string; dataFolder: string }
  fullScreen(on: boolean): boolean
  secondWindow(act: 'toggle' | 'open' | 'close' | 'look' | 'to-first'): { open: boolean; monitors: number }
  diagnostics(settings: Settings): Promise<string>
  /** Opens a file with what the system has for it; false where it has nothing. */
  openFile(path: string): Promise<boolean>
  loopDelay(reset: boolean): { p99: number; max: number; mean: number }
}

/** Who is at a window that asks before sign-in too: nobody, or whoever is not kept out by the lock. Error: `locked`. */
function atDesk(desk: Desk): Session | null {
  if (desk.session && (desk.locked || desk.session.mustChangePassword))
    throw new ConcordError('locked', 'The window is locked. Unlock it with your password.')
  return desk.session
}

/** Each route of the contract and the service that answers it: names and arguments, no logic. */
export function createHandlers(s: Services, window: WindowSide): Handlers {
  return {
    accounts: {
      state: async (_request, _caller, desk) => ({
        needsAdministrator: await s.accounts.needsAdministrator(),
        session: desk.session,
        locked: desk.locked,
      }),
      createAdministrator: async (person, _caller, desk) => {
        const session = await s.accounts.createAdministrator(person)
        desk.signIn(session)
        return session
      },
      signIn: async (request, _caller, desk) => {
        const session = await s.accounts.signIn(request)
        desk.signIn(session)
        void s.analysis.readAhead(session)
        return session
      },
      signOut: (_request, _caller, desk) => {
        desk.signOut()
        return {}
      },
      lock: (_request, _caller, desk) => {
        desk.lock()
        return {}
      },
      unlock: async ({ password }, caller, desk) => {
        await s.accounts.unlock(caller, password)
        desk.unlock()
        void s.analysis.readAhead(caller)
        return {}
      },
      strength: (request) => s.accounts.strength(request),
      resetPassword: ({ accountId }, caller) => s.accounts.resetPassword(caller, accountId),
      list: (_request, caller) => s.accounts.list(caller),
      create: (person, caller) => s.accounts.create(caller, person),
      change: (request, caller) => s.accounts.change(caller, request),
      close: ({ accountId }, caller) => s.accounts.close(caller, accountId),
      openAgain: ({ accountId }, caller) => s.accounts.openAgain(caller, accountId),
      changePassword: async (change, caller, desk) => {
        await s.accounts.changePassword(caller, change)
        const { mustChangePassword: _, ...session } = caller
        desk.signIn(session)
        return {}
      },
    },
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
    regions: {
      list: ({ studyId }, caller) => s.regions.list(caller, studyId),
      place: (request, caller) => s.regions.place(caller, request),
      placeOwn: (request, caller) => s.regions.placeOwn(caller, request),
    },
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
    motion: {
      own: (request, caller) => s.motion.own(caller, request),
      ofScan: (request, caller) => s.motion.ofScan(caller, request),
    },
    labels: {
      list: ({ studyId }, caller) => s.labels.list(caller, studyId),
      freeze: (request, caller) => s.labels.freeze(caller, request),
    },
    training: {
      networks: () => s.training.networks(),
      start: ({ basedOn, ...request }, caller) =>
        basedOn === undefined ? s.training.start(caller, request) : s.retraining.retrain(caller, request, basedOn),
      runs: ({ studyId }, caller) => s.training.runs(caller, studyId),
      run: ({ runId }, caller) => s.training.run(caller, runId),
      cancel: ({ runId }, caller) => s.training.cancel(caller, runId),
      pause: ({ runId }, caller) => s.training.pause(caller, runId),
      memory: ({ recipe }) => s.training.memory(recipe),
      check: (request, caller) => s.training.check(caller, request),
      chooseWeights: async () => ({ path: await window.chooseFile(['h5', 'hdf5', 'keras', 'safetensors']) }),
      resume: ({ runId }, caller) => s.training.resume(caller, runId),
    },
    series: {
      start: (request, caller) => s.series.start(caller, request),
      list: ({ studyId }, caller) => s.series.list(caller, studyId),
      cancel: ({ seriesId }, caller) => s.series.cancel(caller, seriesId),
      resume: ({ seriesId }, caller) => s.series.resume(caller, seriesId),
    },
    models: {
      list: ({ studyId }, caller) => s.models.list(caller, studyId),
      predict: async (request, caller) => ({ jobId: (await s.models.predict(caller, request)).jobId }),
      predictions: ({ modelId }, caller) => s.models.predictions(caller, modelId),
      card: ({ modelId }, caller) => s.models.card(caller, modelId),
      evaluation: ({ modelId }, caller) => s.models.evaluation(caller, modelId),
      compare: ({ modelIds }, caller) => s.models.compare(caller, modelIds),
      heat: (request, caller) => s.models.heat(caller, request),
      combine: (request, caller) => s.models.combine(caller, request),
      sendBack: (request, caller) => s.models.sendBack(caller, request),
      retire: (request, caller) => s.models.retire(caller, request),
      export: ({ modelId, format }, caller) =>
        format === 'concord'
          ? s.models.exportFile(caller, modelId, window.askWhere)
          : s.models.exportTensorflowJs(caller, modelId, window.askWhere),
      import: async ({ studyId }, caller) => {
        const path = await window.chooseFile(['concord-model'])
        return path === null ? null : s.models.importFile(caller, { studyId, path })
      },
      saveEvaluation: ({ modelId, table }, caller) => s.exports.evaluation(caller, modelId, table, window.askWhere),
      saveComparison: ({ modelIds }, caller) => s.exports.comparison(caller, modelIds, window.askWhere),
      retrainProposal: ({ labelSetId }, caller) => s.retraining.retrainProposal(caller, labelSetId),
    },
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
    experiments: {
      list: () => s.experiments.list(),
      explained: () => s.experiments.explained(),
      chooseWeights: async () => ({ path: await window.chooseFolder() }),
      start: (request, caller) => s.experiments.start(caller, request),
      resume: ({ id }, caller) => s.experiments.resume(caller, id),
      stop: ({ id }) => s.experiments.stop(id),
      save: ({ id, table }) => s.experiments.save(id, table, window.askWhere),
    },
    jobs: {
      list: (_request, caller) => s.jobs.list(caller.accountId),
      cancel: ({ jobId }, caller) => {
        if (s.jobs.ownerOf(jobId) === caller.accountId) s.jobs.cancel(jobId)
        return {}
      },
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
    backups: {
      list: (_request, caller) => s.backups.list(caller),
      make: (_request, caller) => s.backups.make(caller),
      inspect: ({ name }, caller) => s.backups.inspect(caller, name),
      bring: (_request, caller) => s.backups.bring(caller, () => window.chooseFile(['db'])),
      restore: async ({ name }, caller) => {
        await s.backups.restore(caller, name)
        return {}
      },
      restored: () => s.backups.restored(),
    },
    recovery: {
      state: () => null,
      restore: () => {
        throw new ConcordError('not-damaged', 'The database is in order. Sign in; backups have a page of their own.')
      },
    },
    places: {
      state: () => s.places.state(),
      test: (request) => s.places.test(request),
      use: (request, caller) => s.places.use(caller, request),
    },
    settings: {
      get: () => s.settings.get(),
      set: (wanted, caller) => s.settings.set(caller, wanted),
    },
    updates: {
      state: () => s.updates.state(),
      check: () => s.updates.check(),
      install: async ({ version }, caller) => {
        const path = await s.updates.take(caller, version)
        return { path, opened: await window.openFile(path) }
      },
    },
    audit: {
      list: (request, caller) => s.audit.list(caller, request),
      verify: ({ head }, caller) => s.audit.verify(caller, head),
      export: ({ format }, caller) => s.audit.export(caller, format, window.askWhere),
    },
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
  }
}
