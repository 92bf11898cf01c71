export const estimate = {
  stages: {
    votes: 'Voten werden gelesen',
    estimate: 'es wird geschätzt, Durchgang {n}',
    labels: 'Labels werden geschrieben',
  },
  stopped: 'Abgebrochen: Es wurde nichts eingefroren.',
  notConverged:
    'Die Schätzung nach Dawid und Skene war nicht konvergiert, als ihr begrenzter Aufwand nach einer Iteration endete: Andere Labels können ebenso wahrscheinlich sein. Vergleichen Sie sie mit der Mehrheit, bevor ein Netz daraus lernt. | Die Schätzung nach Dawid und Skene war nicht konvergiert, als ihr begrenzter Aufwand nach {n} Iterationen endete: Andere Labels können ebenso wahrscheinlich sein. Vergleichen Sie sie mit der Mehrheit, bevor ein Netz daraus lernt.',
  inCard: 'Die Schätzung nach Dawid und Skene war nicht konvergiert: Andere Labels konnten ebenso wahrscheinlich sein',
}
