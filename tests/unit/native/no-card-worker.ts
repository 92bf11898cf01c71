import { LearnerHost } from '../../../src/main/learning/host.ts'
import { smallRequest, temporaryFolder } from '../learning/scans.ts'

// A process of its own: whether a card is seen is decided when TensorFlow loads.
const learner = new LearnerHost()
const device = await learner.device()
const { device: trained, history } = await learner.train(await smallRequest(temporaryFolder(), { epochs: 2 }))
await learner.end()
process.stdout.write(JSON.stringify({ device, trained, losses: history.map(({ loss }) => loss) }))
