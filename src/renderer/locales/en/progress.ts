export const progress = {
  begin: 'Begin to read',
  goOn: 'Go on reading',
  done: '{done} of {total} scan graded | {done} of {total} scans graded',
  left: 'about {time} left at your pace',
  today: 'Votes today',
  median: 'Time a scan, median',
  medianNote:
    'From the picture to the vote, of one vote. | From the picture to the vote, of one vote. | From the picture to the vote, of {n} votes.',
  medianNone: 'Known after the first votes.',
  byDay: 'Your votes by day',
  noDays: 'No vote yet.',
  emptyTitle: 'No scan in your queue',
  emptyText: 'The lead has not opened the study yet. Your queue appears as soon as that is done.',
}
