/// <reference types="vite/client" />
import type { ConcordApi } from '../preload/contract/index.ts'
import type { Role } from '../preload/contract/route.ts'

declare global {
  interface Window {
    readonly concord: ConcordApi
  }
}

declare module 'vue-router' {
  interface RouteMeta {
    /** Key of the page's title under `pages`. */
    title: string
    /** Who may open it: everybody, everybody signed in, or holders of one of the roles. */
    access: 'anyone' | 'signed-in' | readonly Role[]
    /** The page takes the whole window below the top bar: no navigation beside it. */
    immersive?: boolean
    bare?: boolean
  }
}
