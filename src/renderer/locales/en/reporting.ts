// The page "Report": what only the authors know, and the folder for R and Python.
export const reporting = {
  folder: 'Export everything as a folder',
  folderText:
    'Votes, labels, predictions, figures, a README of every column, and scripts that compute the figures anew in R and in Python.',
  named: 'With the readers’ names',
  namedNote: 'Only where you need them: it is recorded.',
  notesTitle: 'What only you know',
  notesText: 'A reviewer asks for this too (GRRAS). What stays empty is marked in the report as not stated.',
  notesOpen: '{given} of {all} written',
  save: 'Save',
  saved: 'Saved.',
  items: {
    device: 'Device and protocol (2)',
    population: 'Who was examined (3)',
    raters: 'Who reads: profession, setting (4)',
    known: 'What is known, why this study (5)',
    sampleSize: 'How the sample size was chosen (6)',
    sampling: 'How scans and readers were chosen (7)',
    process: 'Clinical information at hand, room, screens (8)',
    characteristics: 'Training and experience of the readers (12)',
    relevance: 'What it means in practice (14)',
  },
}
