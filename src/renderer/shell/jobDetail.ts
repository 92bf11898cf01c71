import type { Job } from '../../preload/contract/jobs.ts'
import { stageInWords } from '../training/experiment/stage.ts'

type Translate = (key: string, named?: Record<string, unknown>) => string

const stages = new Set(['preparing', 'loading', 'validating', 'predicting'])

/** What a job is at, in the person's language; names of files and numbers as they are. */
export function jobDetail({ kind, detail }: Pick<Job, 'kind' | 'detail'>, t: Translate): string {
  if (kind === 'experiment') return stageInWords(detail, t)
  if (kind === 'training') {
    const [, epoch, epochs] = /^epoch (\d+) \/ (\d+)$/.exec(detail) ?? []
    if (epoch !== undefined) return t('network.runs.epochOf', { epoch, epochs })
    if (stages.has(detail)) return t(`network.stages.${detail}`)
  }
  if (kind === 'labels') {
    const [stage, n] = detail.split(' ')
    return stage ? t(`estimate.stages.${stage}`, { n }) : ''
  }
  // One network grades the scans that it was asked for: the bar says how far it is.
  if (kind === 'inference' && stages.has(detail)) return ''
  return detail
}
