import { ConcordError } from '../../domain/error.ts'
import type { Network } from './network.ts'
import { walle2023 } from './walle2023.ts'

/** Every network Concord knows, in the order shown. A new one is a file beside this one and a row here. */
export const networks: readonly Network[] = [walle2023]

/** @throws ConcordError `network-unknown`. */
export function networkNamed(name: string): Network {
  const network = networks.find((candidate) => candidate.name === name)
  if (network) return network
  const known = networks.map((candidate) => candidate.name).join(', ')
  throw new ConcordError('network-unknown', `There is no network "${name}"; there are ${known}.`, 'network')
}
