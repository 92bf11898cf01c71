export const about = {
  lead: 'Mehrere Personen stufen Scans unabhängig ein; die Labels trainieren ein Netz auf demselben Rechner.',
  trial:
    'Diese Fassung ist nur zum Ausprobieren: Ihr Electron ist nicht das, das seine Hersteller veröffentlichen. Geben Sie sie nicht weiter, und lesen Sie keine Studie damit.',
  version: 'Concord',
  electron: 'Electron',
  chrome: 'Chromium',
  node: 'Node',
  platform: 'System',
  dataFolder: 'Die Daten liegen in',
  privacyTitle: 'Was wo bleibt',
  privacy: 'Nichts verlässt diesen Rechner, außer Sie exportieren es. Exporte tragen Pseudonyme, keine Namen.',
}
