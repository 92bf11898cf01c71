export const viewer = {
  label: 'Scan, slice {slice} of {slices}',
  empty: 'No scan',
  opening: 'Opening the scan',
  slice: 'Slice',
  goToSlice: 'Go to slice {slice}',
  sheet: 'Contact sheet: equally spaced slices',
  worst: 'worst slice',
  inverted: 'inverted',
  level: 'level',
  width: 'width',
  windows: { bone: 'Bone', streaks: 'Streaks', full: 'Full range', own: 'Own window' },
  errors: {
    'volume-missing':
      'The pictures of this scan are missing on this machine. Nothing was lost. Tell the lead which scan it is: it has to be imported again.',
    'scan-unknown': 'This scan is not among those you may see. Nothing was lost. Go back to the list of studies.',
    'not-signed-in': 'You are not signed in any more. Nothing was lost. Sign in again.',
    'volume-not-a-volume': 'The file of this scan is not a volume. Nothing was lost; tell the lead which scan it is.',
    'volume-header': 'The header of this scan is not usable. Nothing was lost; tell the lead which scan it is.',
    'volume-truncated': 'The scan arrived incomplete. Nothing was lost. Try again; if it stays so, tell the lead.',
    'volume-too-long':
      'The scan holds more data than its header says. Nothing was lost; tell the lead which scan it is.',
    'volume-too-large':
      'There is not enough memory to show this scan. Nothing was lost. Close other programs and try again.',
    'volume-interrupted': 'Loading the scan was interrupted. Nothing was lost. Try again.',
    'no-graphics': 'This window has no 3-D graphics (WebGL), so scans cannot be drawn: {detail}',
  },
}
