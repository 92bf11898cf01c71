import { plainPeer } from './plain-peer.ts'
import type { Line } from './line.ts'
import { ownPeer, pythonPeer, rates, type Job, type Peer } from './peers.ts'

const rounds = 7

/** What is compared: a batch of each network at its own size; the last is one scan, 8 slices of 512 x 512. */
const jobs: (Job & { title: string })[] = [
  { title: 'BN net 256 x 256, training', net: 'bn', size: 256, batch: 8, what: 'train', steps: 10 },
  { title: 'Walle 512 x 512, training', net: 'walle2023', size: 512, batch: 8, what: 'train', steps: 6 },
  { title: 'BN net 256 x 256, grading', net: 'bn', size: 256, batch: 8, what: 'grade', steps: 20 },
  {
    title: 'Walle, one scan of 8 slices 512 x 512, grading',
    net: 'walle2023',
    size: 512,
    batch: 8,
    what: 'grade',
    steps: 8,
  },
]

/**
 * Slices a second beside the library's own layers model, Keras compiled on the same TensorFlow version and PyTorch in its channels-last
 * layout: same network, batch, size and optimiser, each in a process of its own, taking turns. What Python has not is left out
 * and named (CONCORD_PYTHON names another Python).
 */
export async function bench(line: Line): Promise<void> {
  const own = (await ownPeer())!
  const others: [label: string, peer: Peer | null][] = [
    ['plain tfjs-node', await plainPeer()],
    ['Keras', await pythonPeer('keras')],
    ['PyTorch', await pythonPeer('torch')],
  ]
  const there = others.flatMap(([, peer]) => peer ?? [])
  for (const { title, ...job } of jobs) {
    const [value, ...theirs] = await rates([own, ...there], job, rounds)
    for (const [label, peer] of others) {
      const rate = peer ? theirs[there.indexOf(peer)]! : null
      const compared = peer ? peer.name : `${label}: not measured, this Python has it not`
      line(`${title}, batch ${job.batch}`, value!, 'slices/s', compared, rate === null ? null : value! / rate)
    }
  }
  for (const peer of [own, ...there]) peer.end()
}
