import { ConcordError } from '../../domain/error.ts'
import { alexnet } from './alexnet.ts'
import { cbamNetworks } from './cbam.ts'
import { googlenet } from './googlenet.ts'
import { inceptionv3 } from './inceptionv3.ts'
import { mobilenetv2 } from './mobilenetv2.ts'
import type { Network } from './network.ts'
import { resnet50 } from './resnet50.ts'
import { scratch4 } from './scratch4.ts'
import { walle2023 } from './walle2023.ts'

/** Every network by name, variants too. A new one is a file beside this one and a row here. */
const all: readonly Network[] = [
  walle2023,
  ...cbamNetworks,
  scratch4,
  alexnet,
  googlenet,
  resnet50,
  mobilenetv2,
  inceptionv3,
]

/** The networks to choose from, in the order shown. */
export const networks: readonly Network[] = all.filter((network) => network.variantOf === undefined)

/** Names of a network's variants. */
export const variantsOf = (name: string): string[] =>
  all.filter((network) => network.variantOf === name).map((network) => network.name)

/** @throws ConcordError `network-unknown`. */
export function networkNamed(name: string): Network {
  const network = all.find((candidate) => candidate.name === name)
  if (network) return network
  const known = networks.map((candidate) => candidate.name).join(', ')
  throw new ConcordError('network-unknown', `There is no network "${name}"; there are ${known}.`, 'network')
}

/** @throws ConcordError `picture-too-small` where the network's pooling would leave nothing of a picture of `edge`. */
export function checkPictureSize({ title, smallest }: Network, edge: number): void {
  if (edge >= smallest) return
  throw new ConcordError(
    'picture-too-small',
    `${title} needs pictures of ${smallest} x ${smallest} pixels or more, not of ${edge}.`,
    'imageSize',
  )
}
