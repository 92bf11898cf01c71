import type { Services } from '../../app/compose.ts'
import type { Handlers } from '../router.ts'
import type { WindowSide } from '../window-side.ts'
import { archivesHandlers } from './archives.ts'
import { figuresHandlers } from './figures.ts'
import { networksHandlers } from './networks.ts'
import { peopleHandlers } from './people.ts'
import { programHandlers } from './program.ts'
import { readingHandlers } from './reading.ts'
import { safekeepingHandlers } from './safekeeping.ts'
import { studiesHandlers } from './studies.ts'

/** Each route of the contract and the service that answers it: names and arguments, no logic. */
export const createHandlers = (s: Services, window: WindowSide): Handlers => ({
  ...peopleHandlers(s),
  ...studiesHandlers(s, window),
  ...archivesHandlers(s, window),
  ...readingHandlers(s, window),
  ...figuresHandlers(s, window),
  ...networksHandlers(s, window),
  ...safekeepingHandlers(s, window),
  ...programHandlers(s, window),
})
