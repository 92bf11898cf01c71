import { derivedIn } from '../../domain/augmentation-sets.ts'
import type { Derived } from '../../domain/augmentation-sets.ts'
import type { SetPicture } from './pictures.ts'
import { protocols, trainingsOf } from './plan.ts'
import type { Protocol, Settings } from './plan.ts'
import { testPart } from './split.ts'

/** Where pictures of some patients come to lie in set C, 80/20: what the explanation of the two protocols shows. */
export interface SplitExample {
  protocol: Protocol
  patients: { patient: string; pictures: (Derived & { test: boolean })[] }[]
  /** Patients with pictures on both sides, of all. */
  split: number
  all: number
}

/**
 * The very split that the batch of these settings and this seed makes, of as many patients as `patientLabels` has; the first `shown`
 * of them in full. Under the leaky protocol patients on both sides come first.
 */
export function splitExamples(
  settings: Settings,
  seed: number,
  patientLabels: readonly { patient: string; label: 0 | 1 }[],
  shown: number,
): SplitExample[] {
  const pictures: SetPicture[] = patientLabels.flatMap(({ patient, label }) =>
    derivedIn.C.map((how) => ({
      ...{ id: [patient, how.from, ...(how.sharpened ? ['sharpened'] : [])].join('-'), patient, label, ...how },
      cachePath: '',
    })),
  )
  return protocols.map((protocol) => {
    const training = trainingsOf(settings).find(
      (one) => one.set === 'C' && one.fold === null && one.protocol === protocol,
    )!
    const test = testPart(pictures, training, seed)
    const patients = patientLabels.map(({ patient }) => ({
      patient,
      pictures: pictures
        .filter((picture) => picture.patient === patient)
        .map(({ id, from, sharpened }) => ({ from, sharpened, test: test.has(id) })),
    }))
    const onBoth = patients.filter(({ pictures: own }) => new Set(own.map((picture) => picture.test)).size > 1)
    const rest = patients.filter((patient) => !onBoth.includes(patient))
    // Both sides are shown where there are both: a patient of the test part among the first.
    const tested = rest.filter(({ pictures: own }) => own[0]!.test)
    const order = onBoth.length > 0 ? [...onBoth, ...rest] : [tested[0]!, ...rest.filter((one) => one !== tested[0])]
    return { protocol, patients: order.slice(0, shown), split: onBoth.length, all: patients.length }
  })
}
