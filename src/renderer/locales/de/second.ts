/** Der Scan in einem zweiten Fenster. */
export const second = {
  title: 'Scan im zweiten Fenster',
  locked: 'Gesperrt. Das Kennwort wird im ersten Fenster gefragt.',
  picked: 'Gewählt:',
  none: 'Kein Scan ist offen.',
  elsewhere: 'Der Scan steht im zweiten Fenster. Alle Tasten gelten in beiden.',
  back: 'Zurückholen',
  crashed: 'Das zweite Fenster ist ausgefallen; der Scan ist wieder hier. Nichts ist verloren.',
  'monitor-gone': 'Der zweite Bildschirm ist weg; der Scan ist wieder hier.',
}
