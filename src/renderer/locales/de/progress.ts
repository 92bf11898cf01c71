export const progress = {
  begin: 'Mit dem Befunden beginnen',
  goOn: 'Weiter befunden',
  done: '{done} von {total} Scan eingestuft | {done} von {total} Scans eingestuft',
  left: 'in Ihrem Tempo noch etwa {time}',
  today: 'Voten heute',
  median: 'Zeit je Scan, Median',
  medianNote:
    'Vom Bild bis zum Votum, bei einem Votum. | Vom Bild bis zum Votum, bei einem Votum. | Vom Bild bis zum Votum, bei {n} Voten.',
  medianNone: 'Nach den ersten Voten bekannt.',
  byDay: 'Ihre Voten nach Tag',
  noDays: 'Noch kein Votum.',
  emptyTitle: 'Kein Scan in Ihrer Reihe',
  emptyText: 'Die Leitung hat die Studie noch nicht geöffnet. Ihre Reihe erscheint, sobald das getan ist.',
}
