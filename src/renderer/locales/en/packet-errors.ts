// Sentences by code for what goes wrong with packets; see errors.ts.
export const packetErrors = {
  'packet-missing': 'The packet cannot be read. Look whether the stick is plugged in.',
  'packet-foreign': 'This is not a packet that Concord made. Nothing was changed.',
  'packet-newer': 'This packet was made by a newer version of Concord. Install that version.',
  'packet-other-kind':
    'This is the other kind of packet: a study to be read is opened (.concord-study), votes are merged (.concord-votes).',
  'packet-altered': 'This packet was altered after it was signed. Make it again; nothing was changed.',
  'packet-truncated': 'This packet is cut off. Copy it again; nothing was changed.',
  'packet-unsigned': 'This packet has no signature. Make it again; nothing was changed.',
  'packet-unreadable': 'The packet cannot be read to its end. Is the stick still plugged in? Nothing was changed.',
  'packet-unwritable': 'The packet could not be written there. Choose another place.',
  'packet-no-room': 'There is not enough room for the packet. Make room, or take another stick; nothing was written.',
  'packet-too-large':
    'The file system there takes no file of this size (FAT32: 4 GB at most). Format the stick as exFAT, or take another one.',
  'packet-changed': 'The file is not the one that was looked at a moment ago. Look at it again; nothing was changed.',
  'packet-not-here':
    'This workstation has people who answer for it: a lead or an administrator signs in and opens the packet.',
  'packet-opening': 'A packet is being opened already. Wait until it is there.',
  'packet-paired':
    'In this study the model’s grade is shown after the own first vote. Whoever has the file could read these grades before voting: it cannot be taken along.',
  'packet-reader-unknown': 'Nobody with an open account here reads in this study under that name.',
  'packet-reader-keyless':
    'This reader has no key to sign with yet. Let them sign in here once, with a password of their own.',
  'packet-queue-empty': 'There is nothing in this reader’s queue to take along.',
  'packet-study-here': 'This study is kept at this workstation itself. Open the packet where it is to be read.',
  'packet-title-taken': 'Another study here has the same title. Rename one of them; nothing was changed.',
  'packet-name-taken':
    'Somebody else here signs in under the reader’s name. Open the packet in a data folder of its own.',
  'packet-account-differs':
    'The reader’s account here has other keys than in the packet, as after a reset. Start with an empty data folder.',
  'packet-study-differs': 'The study here has another scale or design than the packet. Ask the lead who made it.',
  'packet-other-signer': 'The packet was signed with another key than expected. Ask the lead who made it.',
  'packet-study-unknown': 'The packet is of a study that is not here. Nothing was merged.',
  'packet-other-study': 'The packet is of another study. Merge it on that study’s page.',
  'packet-signer-unknown': 'The packet was not signed with a key that this reader has here. Nothing was merged.',
  'packet-study-sealed': 'The reading of this study is sealed: no vote can be added any more. Nothing was merged.',
  'packet-assignment-unknown':
    'The packet holds something on a scan that is not in the queue of this reader here. Nothing was merged.',
  'packet-vote-differs': 'A vote of the packet is here already and says something else. Nothing was merged.',
  'packet-vote-invalid': 'A vote of the packet is none that this study knows. Nothing was merged.',
  'packet-clock': 'A vote of the packet is of a time that is still to come. Set the clocks right; nothing was merged.',
}
