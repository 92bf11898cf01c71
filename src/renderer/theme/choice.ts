export type ThemeName = 'dark' | 'light'
const key = 'concord.theme'

/** The theme this window was left in; dark where nothing was chosen. */
export function startTheme(): ThemeName {
  return localStorage.getItem(key) === 'light' ? 'light' : 'dark'
}

export function keepTheme(name: ThemeName): void {
  localStorage.setItem(key, name)
}
