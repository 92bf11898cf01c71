/** The scan in a second window. */
export const second = {
  title: 'Scan in the second window',
  locked: 'Locked. The password is asked for in the first window.',
  picked: 'Picked:',
  none: 'No scan in front.',
  elsewhere: 'The scan is in the second window. All keys work in both.',
  back: 'Bring it back',
  crashed: 'The second window stopped; the scan is here again. Nothing was lost.',
  'monitor-gone': 'The second monitor is gone; the scan is here again.',
}
