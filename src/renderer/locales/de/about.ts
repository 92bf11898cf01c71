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
  licenceTitle: 'Lizenz',
  licence: 'Apache License 2.0. Die Lizenzen der Bausteine stehen in der Datei NOTICE neben dem Programm.',
}
