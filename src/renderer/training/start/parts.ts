/** The parts of the thesis's proposal, each on or off: a name such as `cbam-elu-no-bn-no-spatial` (networks/cbam.ts). */
export interface Parts {
  batchNorm: boolean
  elu: boolean
  channelAttention: boolean
  spatialAttention: boolean
}

/** Null for another network. */
export function partsOf(network: string): Parts | null {
  if (network !== 'cbam' && !network.startsWith('cbam-')) return null
  const without = (part: string): boolean => network.includes(`-no-${part}`)
  return {
    batchNorm: !without('bn'),
    elu: network.includes('-elu'),
    channelAttention: !without('channel') && !without('attention'),
    spatialAttention: !without('spatial') && !without('attention'),
  }
}

export function networkOf({ batchNorm, elu, channelAttention, spatialAttention }: Parts): string {
  const attention =
    channelAttention || spatialAttention
      ? [...(channelAttention ? [] : ['no-channel']), ...(spatialAttention ? [] : ['no-spatial'])]
      : ['no-attention']
  return ['cbam', ...(elu ? ['elu'] : []), ...(batchNorm ? [] : ['no-bn']), ...attention].join('-')
}
