export const sealing = {
  title: 'Encryption of the votes',
  clear:
    'The votes of this study are not encrypted: whoever can read the database file can read them with another program.',
  encrypted:
    'The votes of this study are encrypted: until the reading is sealed the database file tells who voted when, but not what.',
  opened: '{by} sealed the reading. With that the encrypted votes were opened for the study.',
  keepers: 'The passwords of these leads open them: {names}.',
  reads:
    'Every lead reads in this study; so they hold its key too. The program shows them no other votes before the seal.',
  reminder:
    'Print the recovery key and lock it away. If every lead forgets the password, nothing else opens the votes of this study.',
  kept: '{by} has the recovery key on paper.',
  show: 'Show the recovery key',
  save: 'Save it as a text file',
  have: 'I have it on paper',
  savedTo: 'Saved to {path}. Print it, then delete the file.',
  locked: 'Your password does not open the votes. Another lead signs in once, or you type the recovery key.',
  lockedForAll: 'No lead’s password opens the votes any more. Type the recovery key.',
  code: 'Recovery key',
  unlock: 'Open the votes',
  choose: 'Encrypt the votes until the reading is sealed',
  chooseNote: 'Recommended. This cannot be changed later; a recovery key to print is on the page “Study set-up”.',
}
