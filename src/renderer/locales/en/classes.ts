/** A study that asks for a condition: sensitivity and specificity of its readers. */
export const classes = {
  cut: 'classes',
  titleTruth: 'Sensitivity and specificity of the majority',
  titleOthers: 'Sensitivity and specificity, from the lowest to the highest reader',
  sensitivity: 'Sensitivity',
  specificity: 'Specificity',
  accuracy: 'Accuracy',
  sensitivityOf: '{count} of {n} {positive} found',
  specificityOf: '{count} of {n} {negative} recognised',
  sensitivityMeans: 'Of the scans that are {positive}, the share that is called so.',
  specificityMeans: 'Of the scans that are {negative}, the share that is called so.',
  each: 'Each reader',
  reader: 'Reader {letter}',
  majority: 'Majority',
  counts: {
    tp: 'True positives: have it and are called so',
    fn: 'False negatives: have it and are missed',
    tn: 'True negatives: do not have it and are called so',
    fp: 'False positives: do not have it and are called positive',
  },
  againstTruth: 'Against the known truth: {positives} scans {positive}, {negatives} {negative}.',
  againstOthers:
    'No truth is known here: each reader is held against the majority of the other readers, which may itself be wrong.',
  tie: 'Where votes are level there is no majority, and the scan does not count.',
  importTruth: 'Take in the known truth',
  importTruthNote: 'A CSV with the columns subject and grade.',
  truthKept: 'Nothing new: {unchanged} were known so. | One truth was kept. | {n} truths were kept.',
}
