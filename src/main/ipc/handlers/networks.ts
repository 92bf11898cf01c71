import type { Services } from '../../app/compose.ts'
import type { Handlers } from '../router.ts'
import type { WindowSide } from '../window-side.ts'

/** Networks: training, models, experiments. */
export const networksHandlers = (
  s: Services,
  window: WindowSide,
): Pick<Handlers, 'training' | 'series' | 'models' | 'experiments'> => ({
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
  experiments: {
    list: () => s.experiments.list(),
    explained: () => s.experiments.explained(),
    chooseWeights: async () => ({ path: await window.chooseFolder() }),
    start: (request, caller) => s.experiments.start(caller, request),
    resume: ({ id }, caller) => s.experiments.resume(caller, id),
    stop: ({ id }) => s.experiments.stop(id),
    save: ({ id, table }) => s.experiments.save(id, table, window.askWhere),
  },
})
