import { networkTitle } from '../networkTitle.ts'

type Translate = (key: string, named?: Record<string, unknown>) => string

/** What an experiment's job is at, "E4-leaky-googlenet 3/20" or "heels 12/174" as it stores it, in words. */
export function stageInWords(detail: string, t: Translate): string {
  const [what = '', count = ''] = detail.split(' ')
  if (what === '') return t('experiment.stages.begins', {})
  if (what === 'heels' || what === 'pictures') return t(`experiment.stages.${what}`, { count })
  const [trial = '', protocol = '', network = '', fold = ''] = what.split('-')
  const title = networkTitle(network, t)
  const [epoch = '', epochs = ''] = count.split('/')
  return t('experiment.stages.training', {
    ...{ trial, epoch, epochs },
    network: fold === '' ? title : `${title}, ${t('experiment.fold', { n: fold.replace('fold', '') })}`,
    protocol: t(protocol === 'leaky' ? 'experiment.leakyShort' : 'experiment.honestShort', {}),
  })
}
