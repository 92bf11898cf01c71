/** The lead's page on how far readers agree with themselves, with known grades, and with the model. */
export const quality = {
  lead: 'How far readers agree with themselves, with known grades, and with the model they were shown.',
  emptyTitle: 'This study has nothing of the kind',
  emptyText: 'Its design has no repeats, no known cases, no later round and no paired reading.',
  none: 'no votes yet',
  alike: '{about}: {rate} with every reader',
  repeats: {
    title: 'The same scan twice, unannounced',
    finding:
      'Least consistent: reader {who}, {rate} the same grade | Least consistent: readers {who}, {rate} the same grade each',
    note: 'Share of repeats with the same grade as the first time. The line is the 95 % interval (Wilson).',
  },
  rounds: {
    title: 'Round 1 against round {round}',
    finding:
      'Round {round}: reader {who} repeats least, {rate} the same grade | Round {round}: readers {who} repeat least, {rate} the same grade each',
    note: 'Share of scans with the same grade as in the first round.',
  },
  hidden: {
    title: 'Known cases hidden in the queue',
    finding:
      'Least accurate on hidden cases: reader {who}, {rate} | Least accurate on hidden cases: readers {who}, {rate} each',
    note: 'Share of hidden cases with the known grade.',
  },
  calibration: {
    title: 'Calibration cases',
    finding:
      'Least accurate in calibration: reader {who}, {rate} | Least accurate in calibration: readers {who}, {rate} each',
    note: 'Share of calibration cases with the known grade, before it was shown.',
  },
  weighted: 'weighted kappa {kappa}',
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
    finding: 'Reader {who} switches most: {rate} of votes | Readers {who} switch most: {rate} of votes each',
    note: 'Share of scans whose second vote differs from the first. The line is the 95 % interval (Wilson).',
    switched: 'Switched',
    towards: 'Towards the model',
    away: 'Away from it',
    nTowards: '{n} towards the model',
    nAcross: '{n} across the re-scan cut',
    across: 'Of all {n} second votes {count} crossed the re-scan cut.',
    model: 'Shown was the grade of “{name}”.',
    acrossCut: 'Across the re-scan cut',
    before: 'As the model, before',
    after: 'As the model, after',
  },
}
