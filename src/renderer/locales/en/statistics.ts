export const statistics = {
  to: 'to',
  interval: '95 % interval {interval}',
  n: 'one scan | {n} scans',
  lower: 'Lower limit',
  upper: 'Upper limit',
  undefined: 'This cannot be computed from these votes.',
  showWords: 'Words after Landis and Koch',
  landisKochName: '(Landis and Koch)',
  landisKoch: {
    poor: 'poor',
    slight: 'slight',
    fair: 'fair',
    moderate: 'moderate',
    substantial: 'substantial',
    almostPerfect: 'almost perfect',
  },
  full: {
    title: 'Full agreement',
    sentence: 'Share of the scans to which all readers gave the same grade.',
  },
  pairwise: {
    title: 'Agreement of two readers',
    sentence: 'How often two readers of the same scan gave the same grade.',
  },
  fleiss: {
    title: 'Fleiss’ kappa',
    sentence: 'Agreement of all readers beyond chance: 0 is chance, 1 is perfect. Every difference counts alike.',
  },
  fleissAvailable: {
    title: 'Fleiss’ kappa, all votes',
    sentence: 'No scan has a vote of every reader: this one takes the votes there are. 0 is chance, 1 is perfect.',
  },
  alpha: {
    title: 'Krippendorff’s alpha, ordinal',
    sentence: 'Agreement beyond chance where grades far apart count more. Missing votes are no obstacle.',
  },
  weights: { none: 'Cohen’s kappa', linear: 'linear weights', quadratic: 'quadratic weights' },
}
