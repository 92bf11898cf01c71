type Translate = (key: string, named: Record<string, unknown>) => string

/** What an experiment's job is at, "E4-leaky-googlenet 3/20" or "heels 12/174" as it stores it, in words. */
export function stageInWords(detail: string, t: Translate): string {
  const [what = '', count = ''] = detail.split(' ')
  if (what === '') return t('experiment.stages.begins', {})
  if (what === 'heels' || what === 'pictures') return t(`experiment.stages.${what}`, { count })
  const [trial = '', protocol = '', ...network] = what.split('-')
  const [epoch = '', epochs = ''] = count.split('/')
  return t('experiment.stages.training', {
    ...{ trial, network: network.join(' '), epoch, epochs },
    protocol: t(protocol === 'leaky' ? 'experiment.leakyShort' : 'experiment.honestShort', {}),
  })
}
