/** What the figures of the lead's page mean: text, limits and the source of each convention. */
export const agreementHelp = {
  about: 'What this means: {what}',
  lead: 'What each figure says, what it does not say, and where its convention comes from.',
  meaning: 'What they mean:',
  back: 'Back to the overview',
  contents: 'Contents',
  limits: 'Limits:',
  topics: {
    rescan: {
      title: 'Re-scan disagreement',
      text: 'Of the scans with two or more votes, the share in which some readers would scan the patient again and others would not. It is the number that costs a patient a second scan or a bad measurement. Below it stands the same share among the scans whose rounded mean grade is one of the two beside the cut: there the decision is close.',
      limits:
        'It depends on how many scans lie near the cut: a harder set of scans raises it with the same readers. With more readers a scan is split more easily, so compare studies with equally many votes a scan.',
      source:
        'As in the motion-grading thesis of 2023. Interval: Wilson 1927, JASA 22; over patients where a patient has several scans.',
    },
    percent: {
      title: 'Percent agreement',
      text: 'Full agreement: the share of scans (with a vote of every reader) to which all gave the same grade. Agreement of two readers: of all pairs of votes on the same scan, the share that is equal.',
      limits:
        'Part of it would come about by chance, the more so the more often one grade is given. Full agreement falls with the number of readers.',
      source: 'Fleiss 1971, Psychological Bulletin 76, for pairs of votes.',
    },
    kappa: {
      title: 'Kappa: Cohen, Fleiss, Conger, Light',
      text: 'Agreement beyond chance: 0 is what chance would give, 1 is perfect, below 0 is less than chance. Cohen’s kappa is for two readers. Fleiss’ is for all at once and takes chance from the grades of all readers together; Conger’s takes each reader’s own grades; Light’s is the mean of Cohen’s over all pairs.',
      limits:
        'The plain forms count 1 against 5 no worse than 1 against 2. All depend on how common each grade is (see: Why kappa can be low). Undefined where all votes are equal.',
      source:
        'Cohen 1960, Educational and Psychological Measurement 20; Light 1971 and Fleiss 1971, Psychological Bulletin 76; Conger 1980, ibid. 88. Standard errors: Fleiss, Cohen and Everitt 1969; Fleiss, Nee and Landis 1979.',
    },
    weights: {
      title: 'Weighted kappa',
      text: 'Grades far apart count more. Linear: the penalty grows with the distance; quadratic: with its square, so that 1 against 5 weighs sixteen times 1 against 2. Distances are measured on the whole scale of the study, not only on the grades that occur.',
      limits:
        'Quadratic weights are kind to many small differences and give high values; a small difference across the re-scan cut weighs no more than any other. Say in a paper which weights were used.',
      source:
        'Cohen 1968, Psychological Bulletin 70; Fleiss and Cohen 1973, Educational and Psychological Measurement 33.',
    },
    prevalence: {
      title: 'Why kappa can be low although readers mostly agree',
      text: 'If nearly all scans are grade 1, readers agree on nearly all of them by chance alone. Little is left to be gained beyond chance, and a few differences pull kappa down: 94 % agreement can go with a kappa below 0. Kappa then says that these scans tell little about the readers, not that the readers are bad.',
      limits:
        'Look at percent agreement and Gwet’s AC1 beside it, and at the prevalence index of the re-scan decision. Do not compare kappas of studies whose grades are spread differently.',
      source:
        'Feinstein and Cicchetti 1990, Journal of Clinical Epidemiology 43; Byrt, Bishop and Carlin 1993, ibid. 46; the example: Gwet 2008, British Journal of Mathematical and Statistical Psychology 61.',
    },
    words: {
      title: 'The words: slight, fair, moderate …',
      text: 'Landis and Koch gave words to ranges of kappa: below 0 poor, to 0.20 slight, to 0.40 fair, to 0.60 moderate, to 0.80 substantial, above almost perfect. They help to read a number aloud and can be turned off on the page.',
      limits:
        'The ranges are arbitrary, as the authors say themselves. They were meant for plain kappas: a weighted kappa, an alpha or an intraclass correlation needs other ranges. A word hides the interval: with few scans it may reach over three of them.',
      source: 'Landis and Koch 1977, Biometrics 33, page 165.',
    },
    alpha: {
      title: 'Krippendorff’s alpha',
      text: 'One minus the disagreement found over the disagreement expected by chance: 1 is perfect, 0 is chance. It takes any number of readers and missing votes. Nominal: every difference counts alike; ordinal: by how many votes lie between two grades; interval: by the square of the distance.',
      limits:
        'Krippendorff asks for 0.80, and 0.667 for tentative conclusions; these bounds too are conventions. Undefined where all votes are equal. Depends on how common each grade is, as kappa does.',
      source:
        'Krippendorff 2011, Computing Krippendorff’s Alpha-Reliability. Interval: bootstrap over scans, or over patients.',
    },
    gwet: {
      title: 'Gwet’s AC1 and AC2',
      text: 'Agreement beyond chance where chance is estimated so that it cannot come near 1 when one grade is very common. AC1 counts every difference alike, AC2 weighs them.',
      limits:
        'Its chance is a model of its own and always gives a value: where all votes are equal AC1 is 1. The words of Landis and Koch were not made for it.',
      source:
        'Gwet 2008, British Journal of Mathematical and Statistical Psychology 61; Gwet 2014, Handbook of Inter-Rater Reliability.',
    },
    icc: {
      title: 'Intraclass correlation',
      text: 'Which part of the variance of grades comes from the scans and not from the readers. (1,1): readers differ from scan to scan; (2,1): these readers stand for others, and a reader who grades higher counts as error; (3,1): these readers only, constant differences forgiven. With k: of the mean of all readers.',
      limits:
        'Takes grades as numbers with equal steps and uses only scans with a vote of every reader. Falls when the scans are all alike. Say in a paper which form was used.',
      source: 'Shrout and Fleiss 1979, Psychological Bulletin 86; McGraw and Wong 1996, Psychological Methods 1.',
    },
    kendall: {
      title: 'Kendall’s W',
      text: 'Whether the readers put the scans in the same order, from 0 to 1, corrected for equal grades.',
      limits:
        'A reader who always grades one higher agrees perfectly in it. Only scans with a vote of every reader count.',
      source: 'Kendall and Babington Smith 1939, Annals of Mathematical Statistics 10; with the correction for ties.',
    },
    cut: {
      title: 'Re-scan decisions of two readers',
      text: 'Positive agreement: of all the times that either calls for a re-scan, the share in which the other does too. Negative agreement: the same of scans that are kept. Prevalence index: how unequal yes and no are; bias index: how much more often the first calls for a re-scan. PABAK: kappa if both were 0.',
      limits:
        'With few re-scans positive agreement stands on few scans. PABAK is twice the observed agreement less one and says no more than that.',
      source:
        'Cicchetti and Feinstein 1990, Journal of Clinical Epidemiology 43; Byrt, Bishop and Carlin 1993, ibid. 46. Test: McNemar, exact where fewer than 25 decisions differ.',
    },
    bias: {
      title: 'Who grades higher',
      text: 'The mean difference of two readers’ grades on the scans that both graded, with its interval, and Wilcoxon’s signed-rank test that neither grades higher.',
      limits: 'With very many scans a difference that matters to nobody becomes significant: look at its size first.',
      source: 'Wilcoxon 1945, Biometrics Bulletin 1; equal votes left out, mid-ranks, variance corrected for ties.',
    },
    repeats: {
      title: 'Repeat consistency',
      text: 'Scans that were shown to the same reader twice without saying so: how often the grade was the same, kappa with quadratic weights between first and second grade, and how often the re-scan decision flipped. No reader agrees better with others than with themselves.',
      limits: 'Needs repeats in the design of the study. With few repeats the figures are uncertain.',
      source: 'Cohen 1968, Psychological Bulletin 70.',
    },
    drift: {
      title: 'Drift',
      text: 'Whether a reader comes to grade higher or lower than the others as the reading goes on: the slope of own grade less the others’ mean, from the first to the last of the reader’s votes, with its interval and the t test that there is none.',
      limits:
        'If all readers drift alike nothing is seen. A straight line does not show a change that comes and goes: look at the tenths in the chart.',
      source: 'Least squares on the reader’s own order, which differs from reader to reader.',
    },
    labels: {
      title: 'Label rules',
      text: 'Majority: the grade that more than half of the votes give, of at least two; otherwise none. Rounded mean: half up. Median: the middle vote. Dawid and Skene: the most probable grade when each reader’s own errors are estimated from all votes. A settled scan has the lead’s grade under every rule.',
      limits:
        'Rounded mean and median can give a grade that nobody gave, and the rounded mean can leave a scan on the other side of the cut than most readers: (1, 4, 4) becomes 3. Dawid and Skene assumes that readers err independently of one another.',
      source:
        'Dawid and Skene 1979, Applied Statistics 28: maximum likelihood without smoothing, from the majority vote.',
    },
    intervals: {
      title: '95 % intervals',
      text: 'If the study were done again and again with other scans of the same kind, such intervals would hold the true value in 95 of 100. Rates: Wilson. Cohen, Fleiss and Gwet: from their standard errors. Alpha and Conger: bootstrap, 1000 resamples with a fixed seed, so that the same votes give the same interval. Where patients have several scans, whole patients are drawn.',
      limits:
        'They tell of other scans, not of other readers. Intervals that come from standard errors take scans as independent of one another.',
      source: 'Wilson 1927, JASA 22; Efron and Tibshirani 1993, An Introduction to the Bootstrap, chapter 13.',
    },
    missing: {
      title: 'Missing votes and “cannot be graded”',
      text: '“Cannot be graded” is no grade: it counts as a vote in the progress and as a difference in the list of disputed scans, but not in the coefficients. Fleiss, Conger, the intraclass correlations and W use scans with a grade of every reader; the others use whatever is there.',
      limits: 'If readers leave out the hard scans the figures are too good.',
      source: 'Gwet 2014, Handbook of Inter-Rater Reliability, for the coefficients with missing votes.',
    },
  },
}
