export const reporting = {
  folder: 'Alles als Ordner exportieren',
  folderText:
    'Voten, Labels, Vorhersagen, Zahlen, eine README zu jeder Spalte und Skripte, die die Zahlen in R und Python neu berechnen.',
  named: 'Mit den Namen der Befundenden',
  namedNote: 'Nur wenn Sie sie brauchen: Es wird festgehalten.',
  notesTitle: 'Was nur Sie wissen',
  notesText: 'Auch das verlangt die Begutachtung (GRRAS). Was leer bleibt, steht im Bericht als nicht angegeben.',
  notesOpen: '{given} von {all} ausgefüllt',
  save: 'Speichern',
  saved: 'Gespeichert.',
  items: {
    device: 'Gerät und Protokoll (2)',
    population: 'Wer untersucht wurde (3)',
    raters: 'Wer befundet: Beruf, Umfeld (4)',
    known: 'Was bekannt ist, warum diese Studie (5)',
    sampleSize: 'Wie die Fallzahl gewählt wurde (6)',
    sampling: 'Wie Scans und Befundende ausgewählt wurden (7)',
    process: 'Klinische Angaben, Raum, Bildschirme (8)',
    characteristics: 'Ausbildung und Erfahrung der Befundenden (12)',
    relevance: 'Was es für die Praxis bedeutet (14)',
  },
}
