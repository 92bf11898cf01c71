/**
 * What stands in place of the words of a re-scan where a study asks for a condition: the same keys as in the other files, and the
 * names of its two classes as the study writes them.
 */
export const condition = (positive: string, negative: string) => ({
  agreement: {
    cut: {
      title: 'Classes of each pair of readers',
      note: `Positive: of the scans that either calls ${positive}, those that both do. Negative: the same of ${negative}. p: McNemar, that one calls more of them ${positive}.`,
    },
    repeats: { flips: 'Other class' },
    labels: {
      note: 'Labels as they would be frozen now, settled scans included. In no scan do the rounded mean and the majority of the classes part ways. | Labels as they would be frozen now, settled scans included. In one scan the rounded mean and the majority of the classes part ways. | Labels as they would be frozen now, settled scans included. In {n} scans the rounded mean and the majority of the classes part ways.',
    },
    reasons: {
      noCut: 'This cannot be computed: the scale has grades of one class only.',
      neverDiffer: 'Nothing to test: the two never differ in the class.',
    },
    help: {
      topics: {
        rescan: {
          title: 'Disagreement about the class',
          text: `Of the scans with two or more votes, the share that some readers call ${positive} and others ${negative}. Below it stands the same share among the scans whose rounded mean grade is one of the two beside the cut: there the decision is close.`,
        },
        weights: {
          limits:
            'Quadratic weights are kind to many small differences and give high values; with two classes all weights are the same. Say in a paper which weights were used.',
        },
        prevalence: {
          limits:
            'Look at percent agreement and Gwet’s AC1 beside it, and at the prevalence index of the classes. Do not compare kappas of studies whose classes are spread differently.',
        },
        cut: {
          title: 'Classes of two readers',
          text: `Positive agreement: of all the times that either calls a scan ${positive}, the share in which the other does too. Negative agreement: the same of ${negative}. Prevalence index: how unequal the classes are; bias index: how much more often the first says ${positive}. PABAK: kappa if both were 0.`,
          limits: `With few ${positive} positive agreement stands on few scans. PABAK is twice the observed agreement less one and says no more than that.`,
        },
        repeats: {
          text: 'Scans that were shown to the same reader twice without saying so: how often the grade was the same, kappa with quadratic weights between first and second grade, and how often the class changed. No reader agrees better with others than with themselves.',
        },
      },
    },
  },
  common: { rescan: positive, rescanCut: 'the classes part here', keep: negative },
  comparison: {
    sameSide: 'Same class',
    matrixNote:
      'Each field: number of scans. On the diagonal you and the consensus agree; the lines part the two classes.',
    cut: 'Class',
  },
  evaluation: {
    targets: { cut: `${positive} against ${negative}` },
    calibration: { curves: { cut: positive } },
    runs: { rescan: 'Class right' },
  },
  lead: {
    overview: {
      rescanTitle: 'Disagreement about the class',
      noCut: 'The scale of this study has grades of one class only.',
      rescanSentence: `In {count} of {n} scans some readers say ${positive} and others ${negative}.`,
      rescanNone: 'All readers put each of the {n} scans in the same class.',
      siteTitle: 'Disagreement about the class by site',
      siteNone: 'No disagreement about the class at any site',
      siteFinding: 'Most disagreement about the class: {name}, {rate}',
      siteNote: 'Share of scans whose votes fall in both classes. The line is the 95 % interval.',
      pairTitle: 'Disagreement about the class by pair of readers',
      pairNone: 'No pair of readers disagrees about the class',
      pairFinding: 'Most disagreement of a pair about the class: {name}, {rate}',
      pairNote: `Of the scans that both graded, those that one calls ${positive} and the other ${negative}. The line is the 95 % interval.`,
      monthTitle: 'Disagreement about the class by month',
      monthNone: 'No disagreement about the class in any month',
      monthFinding: 'Most disagreement about the class in a month: {name}, {rate}',
      confusionNote: 'Each field: number of scans. On the diagonal both agree; the lines part the two classes.',
    },
    disagreement: {
      across: '{n} in both classes',
      cutOnly: 'Only in both classes',
      acrossCut: 'in both classes',
      columns: { dispute: 'Class' },
    },
    labels: {
      conflicts:
        'Scans not settled yet: in {conflicts} the two rules disagree about the class, {noMajority} without a majority. Settle them first, or accept the rule.',
    },
    report: {
      parts: { rescan: 'Disagreement about the class' },
      after:
        'Also inside: sensitivity and specificity, disagreement about the class by site, pair and month, label sets with the digest of their votes, networks and their figures, and the GRRAS checklist.',
    },
  },
  network: {
    models: {
      figures: { rescan: 'Right about the class' },
      majorityNote: 'What no network at all would score on the class.',
      confusionNote: 'Each field: number of scans. The lines part the two classes.',
    },
  },
  reading: { rescanFrom: `${positive} from here` },
  recipe: { series: { rescan: 'Right about the class' } },
  settling: {
    conflict: `The rounded mean and the majority disagree whether this is ${positive}.`,
    meeting: { across: 'Class in dispute' },
  },
  studies: { cutHere: `Cut between the classes: ${positive} from here on` },
  errors: { 'no-rescan-cut': 'This study asks for a condition; only its grades can be sent.' },
  pacs: { send: { kinds: { rescan: 'Class' }, rescan: 'Class' } },
  desk: {
    lesson: { acrossCut: 'It is the other class.' },
    result: { side: 'Your class was right in {same} of {n}.' },
  },
  quality: {
    columns: { side: 'Same class' },
    paired: {
      acrossCut: 'To the other class',
      nAcross: '{n} to the other class',
      across: 'Of all {n} second votes {count} changed the class.',
    },
  },
})
