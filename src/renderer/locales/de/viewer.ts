export const viewer = {
  label: 'Scan, Schicht {slice} von {slices}',
  empty: 'Kein Scan',
  opening: 'Der Scan wird geöffnet',
  slice: 'Schicht',
  goToSlice: 'Zu Schicht {slice}',
  sheet: 'Kontaktbogen: gleichmäßig verteilte Schichten',
  worst: 'schlechteste Schicht',
  inverted: 'invertiert',
  level: 'Mitte',
  width: 'Breite',
  windows: { bone: 'Knochen', streaks: 'Streifen', full: 'Ganzer Bereich', own: 'Eigenes Fenster' },
  planes: { 0: 'Ebene entlang der Zeilen', 1: 'Ebene entlang der Spalten' },
  slab: { max: 'Größtwert aus {n} Schichten', mean: 'Mittel aus {n} Schichten' },
  voxels: '{n} Voxel',
  histogram: 'Werte dieser Schicht',
  histogramText: 'Histogramm dieser Schicht von {low} bis {high} {unit}',
  meanSd: 'Mittel {mean}, SD {sd}',
  length: 'Länge',
  profileText: 'Werte entlang der Linie, von {low} bis {high} {unit}',
  ends: {
    proximal: { short: 'prox', long: 'proximal' },
    distal: { short: 'dist', long: 'distal' },
    H: { short: 'H', long: 'zum Kopf hin' },
    F: { short: 'F', long: 'zu den Füßen hin' },
  },
  linked: { title: 'Daneben', shifted: 'um {n} verschoben' },
  errors: {
    'volume-missing':
      'Die Bilder dieses Scans fehlen auf diesem Rechner. Nichts ging verloren. Sagen Sie der Leitung, welcher Scan es ist: Er muss neu importiert werden.',
    'scan-unknown':
      'Dieser Scan gehört nicht zu denen, die Sie sehen dürfen. Nichts ging verloren. Gehen Sie zurück zur Liste der Studien.',
    'not-signed-in': 'Sie sind nicht mehr angemeldet. Nichts ging verloren. Melden Sie sich wieder an.',
    'volume-not-a-volume':
      'Die Datei dieses Scans ist kein Volumen. Nichts ging verloren; sagen Sie der Leitung, welcher Scan es ist.',
    'volume-header':
      'Der Kopf dieses Scans ist nicht brauchbar. Nichts ging verloren; sagen Sie der Leitung, welcher Scan es ist.',
    'volume-truncated':
      'Der Scan kam unvollständig an. Nichts ging verloren. Versuchen Sie es noch einmal; bleibt es so, sagen Sie es der Leitung.',
    'volume-too-long':
      'Der Scan enthält mehr Daten, als sein Kopf angibt. Nichts ging verloren; sagen Sie der Leitung, welcher Scan es ist.',
    'volume-too-large':
      'Der Speicher reicht nicht, um diesen Scan zu zeigen. Nichts ging verloren. Schließen Sie andere Programme und versuchen Sie es noch einmal.',
    'volume-interrupted': 'Das Laden des Scans wurde unterbrochen. Nichts ging verloren. Versuchen Sie es noch einmal.',
    'no-graphics': 'Dieses Fenster hat keine 3-D-Grafik (WebGL); Scans können nicht gezeichnet werden: {detail}',
  },
}
