export const charts = {
  showTable: 'Tabelle dahinter zeigen',
  showChart: 'Diagramm zeigen',
  copyCsv: 'Tabelle als CSV kopieren',
  savePng: 'Bild als PNG speichern',
  copied: 'Kopiert',
  day: 'Tag',
  votes: 'Voten',
  scans: 'Scans',
  share: 'Anteil der Scans',
}
