import { partsOf } from './start/parts.ts'

type Translate = (key: string, named?: Record<string, unknown>) => string

const titled = new Set([
  ...['walle2023', 'cbam', 'scratch4', 'alexnet', 'googlenet', 'resnet50', 'mobilenetv2', 'inceptionv3'],
  'ensemble',
])

/** What a network is called in the person's language; of the thesis's proposal, what is changed of it. One that is not known keeps its name. */
export function networkTitle(network: string, t: Translate): string {
  if (titled.has(network)) return t(`recipe.titles.${network}`)
  const parts = partsOf(network)
  if (!parts) return network
  const { batchNorm, elu, channelAttention, spatialAttention } = parts
  const changed = [
    ...(elu ? ['elu'] : []),
    ...(batchNorm ? [] : ['batchNorm']),
    ...(channelAttention || spatialAttention
      ? [...(channelAttention ? [] : ['channelAttention']), ...(spatialAttention ? [] : ['spatialAttention'])]
      : ['attention']),
  ]
  return t('recipe.proposal', { parts: changed.map((part) => t(`recipe.changed.${part}`)).join(', ') })
}
