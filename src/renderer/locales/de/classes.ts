/** Eine Studie, die nach einem Befund fragt: Sensitivität und Spezifität ihrer Leser. */
export const classes = {
  cut: 'Klassen',
  titleTruth: 'Sensitivität und Spezifität der Mehrheit',
  titleOthers: 'Sensitivität und Spezifität, von der niedrigsten zur höchsten Person',
  sensitivity: 'Sensitivität',
  specificity: 'Spezifität',
  accuracy: 'Genauigkeit',
  sensitivityOf: '{count} von {n} {positive} gefunden',
  specificityOf: '{count} von {n} {negative} erkannt',
  sensitivityMeans: 'Von den Scans, die {positive} sind, der Anteil, der so genannt wird.',
  specificityMeans: 'Von den Scans, die {negative} sind, der Anteil, der so genannt wird.',
  each: 'Jede Person',
  reader: 'Person {letter}',
  majority: 'Mehrheit',
  counts: {
    tp: 'Richtig positiv: haben es und werden so genannt',
    fn: 'Falsch negativ: haben es und werden übersehen',
    tn: 'Richtig negativ: haben es nicht und werden so genannt',
    fp: 'Falsch positiv: haben es nicht und werden positiv genannt',
  },
  againstTruth: 'Gegen die bekannte Wahrheit: {positives} Scans {positive}, {negatives} {negative}.',
  againstOthers:
    'Hier ist keine Wahrheit bekannt: Jede Person wird an der Mehrheit der anderen gemessen, die selbst irren kann.',
  tie: 'Bei Gleichstand gibt es keine Mehrheit, und der Scan zählt nicht.',
  importTruth: 'Bekannte Wahrheit einlesen',
  importTruthNote: 'Eine CSV mit den Spalten subject und grade.',
  truthKept:
    'Nichts Neues: {unchanged} waren so bekannt. | Eine Wahrheit wurde behalten. | {n} Wahrheiten wurden behalten.',
}
