/** The lead's page on how far readers agree with themselves, with known grades, and with the model. */
export const quality = {
  lead: 'How far readers agree with themselves, with known grades, and with the model they were shown.',
  emptyTitle: 'This study has nothing of the kind',
  emptyText: 'Its design has no repeats, no known cases, no later round and no paired reading.',
  none: 'no votes yet',
  repeats: {
    title: 'The same scan twice, unannounced',
    finding: 'Least consistent: reader {letter}, {rate} the same grade',
    note: 'Share of repeats with the same grade as the first time. The line is the 95 % interval (Wilson).',
  },
  rounds: {
    title: 'Round 1 against round {round}',
    finding: 'Round {round}: reader {letter} repeats least, {rate} the same grade',
    note: 'Share of scans with the same grade as in the first round.',
  },
  hidden: {
    title: 'Known cases hidden in the queue',
    finding: 'Least accurate on hidden cases: reader {letter}, {rate}',
    note: 'Share of hidden cases with the known grade.',
  },
  calibration: {
    title: 'Calibration cases',
    finding: 'Least accurate in calibration: reader {letter}, {rate}',
    note: 'Share of calibration cases with the known grade, before it was shown.',
  },
  columns: {
    reader: 'Reader',
    n: 'Cases',
    same: 'Same grade',
    near: 'At most one apart',
    side: 'Same re-scan decision',
    kappa: 'Weighted kappa',
  },
  paired: {
    title: 'Switched after the model’s grade was shown',
    finding: 'Reader {letter} switches most: {rate} of votes',
    note: 'Share of scans whose second vote differs from the first. The line is the 95 % interval (Wilson).',
    switched: 'Switched',
    towards: 'Towards the model',
    away: 'Away from it',
    acrossCut: 'Across the re-scan cut',
    before: 'As the model, before',
    after: 'As the model, after',
  },
}
