export const statistics = {
  to: 'bis',
  interval: '95-%-Intervall {interval}',
  n: 'ein Scan | {n} Scans',
  lower: 'Untere Grenze',
  upper: 'Obere Grenze',
  undefined: 'Das lässt sich aus diesen Voten nicht berechnen.',
  showWords: 'Worte nach Landis und Koch',
  landisKochName: '(Landis und Koch)',
  landisKoch: {
    poor: 'keine',
    slight: 'gering',
    fair: 'mäßig',
    moderate: 'mittel',
    substantial: 'beachtlich',
    almostPerfect: 'fast vollkommen',
  },
  full: {
    title: 'Volle Einigkeit',
    sentence: 'Anteil der Scans, denen alle denselben Grad gaben.',
  },
  pairwise: {
    title: 'Einigkeit zu zweit',
    sentence: 'Wie oft zwei Personen demselben Scan denselben Grad gaben.',
  },
  fleiss: {
    title: 'Fleiss’ Kappa',
    sentence: 'Einigkeit aller über den Zufall hinaus: 0 ist Zufall, 1 vollkommen. Jeder Unterschied zählt gleich.',
  },
  fleissAvailable: {
    title: 'Fleiss’ Kappa, alle Voten',
    sentence: 'Kein Scan hat ein Votum von allen: Dieses nimmt die Voten, die da sind. 0 ist Zufall, 1 vollkommen.',
  },
  alpha: {
    title: 'Krippendorffs Alpha, ordinal',
    sentence: 'Einigkeit über den Zufall hinaus; weit entfernte Grade zählen mehr. Fehlende Voten stören nicht.',
  },
  weights: { none: 'Cohens Kappa', linear: 'linear gewichtet', quadratic: 'quadratisch gewichtet' },
}
