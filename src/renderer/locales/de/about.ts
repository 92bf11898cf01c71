export const about = {
  lead: 'Mehrere Personen stufen Scans unabhängig ein; die Labels trainieren ein Netz auf demselben Rechner.',
  version: 'Concord',
  electron: 'Electron',
  chrome: 'Chromium',
  node: 'Node',
  platform: 'System',
  dataFolder: 'Die Daten liegen in',
  privacyTitle: 'Was wo bleibt',
  privacy: 'Nichts verlässt diesen Rechner, außer Sie exportieren es. Exporte tragen Pseudonyme, keine Namen.',
}
