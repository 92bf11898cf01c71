import 'vuetify/styles/core'
import { createVuetify } from 'vuetify'
import { aliases, mdi } from 'vuetify/iconsets/mdi-svg'
import { de, en } from 'vuetify/locale'
import { startLanguage } from '../locales/index.ts'
import { darkRoom, lightOffice } from './themes.ts'
import { startTheme } from './choice.ts'

/** Nothing moves: ripples and transitions are off, a menu is there or it is not. */
const still = { transition: false } as const

export const vuetify = createVuetify({
  icons: { defaultSet: 'mdi', aliases, sets: { mdi } },
  locale: { locale: startLanguage(), fallback: 'en', messages: { en, de } },
  theme: { defaultTheme: startTheme(), themes: { dark: darkRoom, light: lightOffice } },
  defaults: {
    global: { ripple: false },
    VBtn: { variant: 'tonal', height: 36, rounded: 'sm' },
    // Labels stand above their field at all times: nothing floats.
    VTextField: { active: true, variant: 'outlined', density: 'compact', color: 'primary', hideDetails: 'auto' },
    VDateInput: { active: true, variant: 'outlined', density: 'compact', color: 'primary', hideDetails: 'auto' },
    VTextarea: { active: true, variant: 'outlined', density: 'compact', color: 'primary', hideDetails: 'auto' },
    VSelect: { variant: 'outlined', density: 'compact', color: 'primary', hideDetails: 'auto', menuProps: still },
    VCheckbox: { density: 'compact', color: 'primary', hideDetails: 'auto' },
    VRadioGroup: { density: 'compact', color: 'primary', hideDetails: 'auto' },
    VSwitch: { density: 'compact', color: 'primary', hideDetails: 'auto' },
    VMenu: still,
    VTooltip: { ...still, openDelay: 300 },
    VTable: { density: 'compact' },
  },
})
