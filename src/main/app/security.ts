import { app, session, type WebContents } from 'electron'

/**
 * What no page of ours may do, whatever it was tricked into: leave its own file, open windows, ask for permissions,
 * attach web views, or reach the network (nothing leaves the building).
 */
export function lockDown(): void {
  const own = session.defaultSession
  // Full screen is asked for by a key of the reading room and shows our own page only.
  own.setPermissionRequestHandler((_contents, permission, answer) => answer(permission === 'fullscreen'))
  own.setPermissionCheckHandler((_contents, permission) => permission === 'fullscreen')
  own.webRequest.onBeforeRequest((details, answer) =>
    answer({ cancel: !/^(app|scan|blob|data|devtools):/.test(details.url) }),
  )
  app.on('web-contents-created', (_event, contents) => restrict(contents))
}

function restrict(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  // Where another person takes a seat the page begins anew, so that its memory holds nothing of the one before.
  contents.on('will-navigate', (event) => {
    if (event.url !== contents.getURL()) event.preventDefault()
  })
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
}
