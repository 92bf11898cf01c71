import { computed, type ComputedRef } from 'vue'
import { pages, type Group, type Page } from '../router/pages.ts'
import { useSession } from '../stores/session.ts'
import { useStudies } from '../stores/studies.ts'

const order: readonly Group[] = ['reading', 'study', 'agreement', 'network', 'program']

export interface NavGroup {
  group: Group
  pages: Page[]
}

/** The pages this person may open now, by group; pages of a study only while there is one. */
export function useNavigation(): ComputedRef<NavGroup[]> {
  const session = useSession()
  const studies = useStudies()
  // A page that only some studies have is not offered in the others.
  const asked = (page: Page): boolean => page.name !== 'regions' || (studies.current?.region ?? 'off') !== 'off'
  const open = (page: Page): boolean =>
    session.may(page.access) && (!page.path.includes(':studyId') || studies.currentId !== null) && asked(page)
  return computed(() =>
    order
      .map((group) => ({ group, pages: pages.filter((page) => page.group === group && open(page)) }))
      .filter((entry) => entry.pages.length > 0),
  )
}
