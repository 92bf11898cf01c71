import { ConcordError } from '../domain/error.ts'
import { LearnerHost } from '../learning/host.ts'
import { fullSettings, osteoporosisExperiment, reducedSettings } from '../services/osteoporosis/index.ts'
import type { ExperimentProgress } from '../services/osteoporosis/index.ts'
import { writePage } from '../services/osteoporosis/page.ts'
import { flag, parse, text } from './arguments.ts'
import { type CommandIo, rejectLine } from './io.ts'
import { wholeNumber } from './options.ts'

export const usage =
  'experiment osteoporosis OUT [--reduced] [--scans FOLDER | --pairs 87] [--seed 1] [--weights FOLDER] [--tie OP|CN] [--page FILE.md]'

/**
 * `concord experiment osteoporosis`: the experiments of the 2021 paper, once in its order (augment, shuffle, split) and once
 * split by patient first. Radiographs are those of `--scans` (made by `simulate --site calcaneus`), or made in OUT/heels.
 * It can be stopped with Ctrl+C at any time; the same command goes on. One JSON object on stdout, progress on stderr,
 * tables in OUT. Exit code 0; 2 for bad arguments or where it could not be done; 130 when stopped.
 */
export async function experimentCommand(args: string[], io: CommandIo): Promise<number> {
  const { folder, scans, settings, seed, pairs, weights, tie, page } = optionsOf(args)
  const stop = new AbortController()
  const onSignal = (): void => stop.abort()
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal)
  const learner = new LearnerHost()
  const { signal } = stop
  try {
    const started = performance.now()
    const request = { settings, studyFolder: scans ?? null, seed, pairs, weights, tie }
    const done = await osteoporosisExperiment(folder, request, { learner, signal, onProgress: progressLines(io) })
    const { results, figures } = done
    const written = page === null ? [] : await writePage(page, folder, request, done, learner)
    io.out(
      JSON.stringify({
        ...{ out: folder, reduced: settings.reduced, seed, trainings: results.length, gaps: figures.gaps },
        ...{ device: results[0]?.device ?? null, tables: 'tables.md', files: ['figures.csv', 'gaps.csv', ...written] },
        seconds: Math.round(performance.now() - started) / 1000,
      }),
    )
    return 0
  } catch (error) {
    if (signal.aborted) {
      io.err('Stopped. The same command goes on from here.')
      return 130
    }
    rejectLine(folder, error, io)
    return 2
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
    await learner.end()
  }
}

function progressLines(io: CommandIo): (progress: ExperimentProgress) => void {
  const heels = everyTen((done, total) => io.err(`${done} of ${total} radiographs`))
  const pictures = everyTen((done, total) => io.err(`regions and their derivatives of ${done} of ${total} patients`))
  let last = ''
  return (progress) => {
    if (progress.stage === 'heels') {
      heels(progress.done, progress.total)
      return
    }
    if (progress.stage === 'pictures') {
      pictures(progress.done, progress.total)
      return
    }
    const { training, done, total, epoch, epochs } = progress
    const line = `${done} of ${total} trainings; ${training.id}, epoch ${epoch} of ${epochs}`
    if (line !== last) io.err(line)
    last = line
  }
}

const everyTen =
  (tell: (done: number, total: number) => void) =>
  (done: number, total: number): void => {
    if (done % 10 === 0 || done === total) tell(done, total)
  }

function optionsOf(args: string[]) {
  const { values, positionals } = parse(args, {
    reduced: flag,
    scans: text,
    seed: text,
    weights: text,
    tie: text,
    pairs: text,
    page: text,
  })
  const [name, folder, ...more] = positionals
  if (name !== 'osteoporosis') throw new ConcordError('bad-option', 'Name the experiment: osteoporosis.')
  if (folder === undefined || more.length > 0) throw new ConcordError('no-folder', 'Name one folder to write to.')
  const tie = values.tie ?? 'OP'
  if (tie !== 'OP' && tie !== 'CN') throw new ConcordError('bad-option', `--tie must be OP or CN, not "${tie}".`)
  return {
    ...{ folder, scans: values.scans, weights: values.weights ?? null, page: values.page ?? null },
    settings: values.reduced ? reducedSettings : fullSettings,
    seed: wholeNumber('--seed', values.seed ?? '1', 0xffff_ffff),
    pairs: pairsOf(values.pairs ?? '87'),
    tie: tie === 'OP' ? (1 as const) : (0 as const),
  }
}

/** Three folds and 80/20 need patients of each class in every part. */
function pairsOf(text: string): number {
  const pairs = wholeNumber('--pairs', text, 4999)
  if (pairs >= 5) return pairs
  throw new ConcordError(
    'bad-option',
    `--pairs must be 5 or more, so that every part has patients of both classes, not ${pairs}.`,
  )
}
