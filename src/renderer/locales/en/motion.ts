export const motion = {
  note: 'Scan {position}, your vote: {what}; motion estimate {qme} (100 at rest)',
  figure: 'Motion estimate from the projections: QME {ncc} (NCC), {ssd} (SSD).',
  blind: '100 and 1: at rest. A movement undone before 180° leaves no trace.',
  explained:
    'The quantitative motion estimate (QME, Sode 2011) compares the projections at 0° and 180°. 100 by correlation (NCC) and about 1 by squared differences (SSD): nothing moved between them. A tremor, or a twitch that was undone, falls between the two views and leaves no trace in it: the grade is judged by the picture.',
  undefined: 'The projections give no motion estimate: a view is empty, or two are the same.',
  chart: 'Your grades and the motion between 0° and 180°',
  none: 'None of your final votes is a grade with an estimate.',
  scan: 'Scan',
  grade: 'Your grade',
  found: 'with projections',
}
