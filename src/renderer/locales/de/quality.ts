/** Wie weit Personen mit sich selbst, mit bekannten Graden und mit dem Modell übereinstimmen. */
export const quality = {
  lead: 'Wie weit Personen mit sich selbst, mit bekannten Graden und mit dem gezeigten Modell übereinstimmen.',
  emptyTitle: 'Diese Studie hat nichts davon',
  emptyText:
    'Ihr Design hat keine Wiederholungen, keine bekannten Fälle, keine weitere Runde und kein gepaartes Befunden.',
  none: 'noch keine Voten',
  alike: '{about}: {rate} bei allen',
  repeats: {
    title: 'Derselbe Scan zweimal, unangekündigt',
    finding:
      'Am wenigsten beständig: Person {who}, {rate} derselbe Grad | Am wenigsten beständig: die Personen {who}, je {rate} derselbe Grad',
    note: 'Anteil der Wiederholungen mit demselben Grad wie beim ersten Mal. Die Linie ist das 95-%-Intervall (Wilson).',
  },
  rounds: {
    title: 'Runde 1 gegen Runde {round}',
    finding:
      'Runde {round}: Person {who} wiederholt sich am wenigsten, {rate} derselbe Grad | Runde {round}: Die Personen {who} wiederholen sich am wenigsten, je {rate} derselbe Grad',
    note: 'Anteil der Scans mit demselben Grad wie in der ersten Runde.',
  },
  hidden: {
    title: 'Bekannte Fälle, verdeckt in der Reihe',
    finding:
      'Am seltensten richtig bei verdeckten Fällen: Person {who}, {rate} | Am seltensten richtig bei verdeckten Fällen: die Personen {who}, je {rate}',
    note: 'Anteil der verdeckten Fälle mit dem bekannten Grad.',
  },
  calibration: {
    title: 'Kalibrierfälle',
    finding:
      'Am seltensten richtig bei der Kalibrierung: Person {who}, {rate} | Am seltensten richtig bei der Kalibrierung: die Personen {who}, je {rate}',
    note: 'Anteil der Kalibrierfälle mit dem bekannten Grad, bevor er gezeigt wurde.',
  },
  weighted: 'gewichtetes Kappa {kappa}',
  columns: {
    reader: 'Person',
    n: 'Fälle',
    same: 'Derselbe Grad',
    near: 'Höchstens einen daneben',
    side: 'Gleiche Entscheidung zur Neuaufnahme',
    kappa: 'Gewichtetes Kappa',
  },
  paired: {
    title: 'Gewechselt, nachdem der Grad des Modells gezeigt war',
    finding:
      'Am meisten wechselt Person {who}: {rate} der Voten | Am meisten wechseln die Personen {who}: je {rate} der Voten',
    note: 'Anteil der Scans, deren zweites Votum vom ersten abweicht. Die Linie ist das 95-%-Intervall (Wilson).',
    switched: 'Gewechselt',
    towards: 'Zum Modell hin',
    away: 'Vom Modell weg',
    nTowards: '{n} zum Modell hin',
    nAcross: '{n} über die Grenze zur Neuaufnahme',
    across: 'Von allen {n} zweiten Voten gingen {count} über die Grenze zur Neuaufnahme.',
    model: 'Gezeigt wurde der Grad von „{name}“.',
    acrossCut: 'Über die Grenze zur Neuaufnahme',
    before: 'Wie das Modell, vorher',
    after: 'Wie das Modell, nachher',
  },
}
