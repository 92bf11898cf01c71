// TensorFlow: libtensorflow and the addon that @tensorflow/tfjs-node needs. How it is built stands in native/README.md.
import { build, isBuilt } from '../../../native/build.mjs'
import { selectedWheel } from '../../../native/wheel.mjs'
import { SetupError, networkReason } from './error.mjs'
import { size } from './say.mjs'

export const name = 'TensorFlow'

export const isDone = () => isBuilt()

/** `download` and `unpack` count bytes; the other steps are one piece of work each. */
function tell(say, { step, what, done, total }, known) {
  const counted = total > 1
  if (!known.has(step)) {
    known.add(step)
    say.line(`  ${step} ${what}${counted ? ` (${size(total)})` : ''}`)
  } else if (counted) {
    say.progress(`${step} ${size(done)} of ${size(total)}`)
  }
}

export async function run(say) {
  const wheel = selectedWheel()
  const fetched = wheel.bytes + wheel.cuda.reduce((sum, { bytes }) => sum + bytes, 0)
  const what = wheel.cuda.length > 0 ? 'libtensorflow 2.18.1 for a graphics card with CUDA' : 'libtensorflow 2.18.1'
  say.line(`TensorFlow: ${what}, ${size(fetched)} to fetch, three times as much on the disk, and its addon`)
  const known = new Set()
  try {
    await build({ onProgress: (news) => tell(say, news, known) })
  } catch (error) {
    const network = networkReason(String(error.stack))
    const advice = network ? ` (${network}) Check the network, then try again; what is already here is kept.` : ''
    throw new SetupError(`TensorFlow: ${error.message}${advice}`)
  }
}
