import type { Jobs } from '../../jobs/jobs.ts'
import type { ServiceBase } from '../context.ts'
import type { AccountKeys } from '../sealing/account-keys.ts'
import { createWindowPackets } from './at-window.ts'
import { createPacketList } from './list.ts'
import { createMaking } from './make.ts'
import { createMerging } from './merge.ts'
import { createOpening } from './open.ts'

/** Studies that are read offline: one file goes there with a reader's queue, one comes back with the votes. */
export function createPackets(
  base: ServiceBase & { accountKeys: AccountKeys; folders: { volumes: string }; jobs: Jobs },
) {
  const making = createMaking(base)
  const opening = createOpening(base)
  const merging = createMerging(base)
  return {
    ...{ make: making.make, votes: making.votes },
    ...{ inspect: opening.inspect, open: opening.open },
    ...{ preview: merging.preview, merge: merging.merge },
    ...createPacketList(base),
    /** With the system's dialogs, and what takes long in the background. */
    atWindow: createWindowPackets({ ...base, making, opening, merging }),
  }
}
