import { createApp } from 'vue'
import { createPinia } from 'pinia'
import App from './App.vue'
import { i18n } from './locales/index.ts'
import { createPageRouter } from './router/index.ts'
import { vuetify } from './theme/vuetify.ts'
import { useTrouble } from './stores/trouble.ts'
import './theme/style.css'

const app = createApp(App)
app.use(createPinia())
const trouble = useTrouble()
app.config.errorHandler = (error) => trouble.note(error)
addEventListener('unhandledrejection', (event) => trouble.note(event.reason))
app.use(i18n)
app.use(vuetify)
app.use(createPageRouter())
app.mount('#app')
