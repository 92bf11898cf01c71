import { createApp, type Component } from 'vue'
import { createPinia } from 'pinia'
import App from './App.vue'
import { i18n } from './locales/index.ts'
import { createPageRouter } from './router/index.ts'
import { secondAddress } from './second/line.ts'
import { vuetify } from './theme/vuetify.ts'
import { useTrouble } from './stores/trouble.ts'
import './theme/style.css'

const loadSecond = (): Promise<{ default: Component }> => import('./second/SecondWindow.vue')

/** The pages, or in the second window the scan alone, which goes nowhere. */
async function start(): Promise<void> {
  const second = location.hash === secondAddress
  const app = createApp(second ? (await loadSecond()).default : App)
  app.use(createPinia())
  const trouble = useTrouble()
  app.config.errorHandler = (error) => trouble.note(error)
  addEventListener('unhandledrejection', (event) => trouble.note(event.reason))
  app.use(i18n)
  app.use(vuetify)
  if (!second) app.use(createPageRouter())
  app.mount('#app')
}
void start()
