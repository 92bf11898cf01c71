import { createRouter, createWebHashHistory, type Router } from 'vue-router'
import { asFailure } from '../api.ts'
import { i18n } from '../locales/index.ts'
import { useSession } from '../stores/session.ts'
import { pages } from './pages.ts'

/** Hash history: the page is one file and knows no server. The guard keeps pages of other roles out of sight. */
export function createPageRouter(): Router {
  const router = createRouter({
    history: createWebHashHistory(),
    routes: [
      ...pages.map(({ name, path, load, access, immersive, bare }) => ({
        name,
        path,
        component: load,
        meta: { title: `pages.${name}`, access, immersive: immersive ?? false, bare: bare ?? false },
      })),
      { path: '/:rest(.*)*', redirect: '/studies' },
    ],
  })
  router.beforeEach(async (to) => {
    const session = useSession()
    if (!session.loaded) {
      try {
        await session.load()
      } catch (caught) {
        session.failure = asFailure(caught)
        return false
      }
    }
    // A packet can be opened where nobody is known yet: it brings a reader's account.
    if (!session.session && to.name === 'open-packet') return true
    if (session.needsAdministrator) return to.name === 'first-start' || { name: 'first-start' }
    if (!session.session) return to.name === 'sign-in' || { name: 'sign-in' }
    if (session.session.mustChangePassword) return to.name === 'password' || { name: 'password' }
    if (to.name === 'first-start' || to.name === 'sign-in' || to.name === 'open-packet') return { name: 'studies' }
    return session.may(to.meta.access) || { name: 'studies' }
  })
  router.afterEach((to) => {
    document.title = to.meta.title ? `${i18n.global.t(to.meta.title)} – Concord` : 'Concord'
  })
  return router
}
