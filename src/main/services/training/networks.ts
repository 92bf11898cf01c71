import type { NetworkDescription, Recipe } from '../../../preload/contract/training.ts'
import type { LearnerHost } from '../../learning/host.ts'
import { networks } from '../../learning/networks/index.ts'
import type { MemoryNeed } from '../../learning/types.ts'
import { learnerRecipe } from './recipe.ts'

/** Figures of networks before any study is chosen are of the usual five grades, from which other scales hardly differ. */
const usual = [1, 2, 3, 4, 5]

/** What is known of networks before they are trained. */
export function createNetworkList({ learner }: { learner: LearnerHost }) {
  let described: NetworkDescription[] | null = null
  return {
    /** The networks there are, with their parameters. */
    async networks(): Promise<NetworkDescription[]> {
      described ??= await Promise.all(
        networks.map(async (network) => {
          const { name, title, input, smallest } = network
          const { parameters } = await learner.describe(name, { classes: usual.length })
          return { name, title, source: network.describe(), edge: input.edge, smallest, parameters }
        }),
      )
      return described
    },

    /** What memory a recipe takes. */
    memory: (recipe: Recipe): Promise<MemoryNeed> => learner.memory({ ...learnerRecipe(recipe), classes: usual }),
  }
}
