import type { Line } from './line.ts'
import { ownPeer, pythonPeer, rates, type Job } from './peers.ts'

const jobs: (Job & { title: string })[] = [
  { title: 'BN net 256 x 256, training', net: 'bn', size: 256, batch: 32, what: 'train', steps: 20 },
  { title: 'Walle 512 x 512, training', net: 'walle2023', size: 512, batch: 32, what: 'train', steps: 20 },
  { title: 'Walle, 8 slices 512 x 512, grading', net: 'walle2023', size: 512, batch: 8, what: 'grade', steps: 40 },
]

/** The graphics card beside this machine's processor, and beside PyTorch on the same card. */
export async function bench(line: Line): Promise<void> {
  const card = (await ownPeer())!
  if (card.name.endsWith('CPU')) {
    card.end()
    process.stdout.write(
      'gpu: not measured: TensorFlow finds no graphics card here (CONCORD_GPU=1 makes set-up take the libraries for one)\n',
    )
    return
  }
  const processor = (await ownPeer({ CUDA_VISIBLE_DEVICES: '-1' }))!
  const torch = await pythonPeer('torch', 'gpu')
  for (const { title, ...job } of jobs) {
    const [value, slow] = await rates([card, processor], { ...job, steps: job.what === 'train' ? 4 : 10 }, 3)
    line(`${title}, batch ${job.batch}, ${card.name}`, value!, 'slices/s', 'the processor', value! / slow!)
    const [own, theirs] = torch ? await rates([card, torch], job, 5) : [value!, null]
    const compared = torch ? torch.name : 'PyTorch: not measured, this Python has it not'
    line(`${title}, batch ${job.batch}, ${card.name}`, own, 'slices/s', compared, theirs ? own / theirs : null)
  }
  for (const peer of [card, processor, ...(torch ? [torch] : [])]) peer.end()
}
