export const packetErrors = {
  'packet-missing': 'Das Paket lässt sich nicht lesen. Sehen Sie nach, ob der Stick steckt.',
  'packet-foreign': 'Das ist kein Paket, das Concord gemacht hat. Nichts wurde geändert.',
  'packet-newer': 'Dieses Paket hat eine neuere Version von Concord gemacht. Installieren Sie diese.',
  'packet-other-kind':
    'Das ist die andere Art von Paket: Eine Studie zum Befunden wird geöffnet (.concord-study), Voten werden eingefügt (.concord-votes).',
  'packet-altered':
    'Dieses Paket wurde nach der Unterschrift verändert. Machen Sie es noch einmal; nichts wurde geändert.',
  'packet-truncated': 'Dieses Paket ist abgeschnitten. Kopieren Sie es noch einmal; nichts wurde geändert.',
  'packet-unsigned': 'Dieses Paket hat keine Unterschrift. Machen Sie es noch einmal; nichts wurde geändert.',
  'packet-unreadable': 'Das Paket lässt sich nicht zu Ende lesen. Steckt der Stick noch? Nichts wurde geändert.',
  'packet-unwritable': 'Das Paket konnte dort nicht geschrieben werden. Wählen Sie einen anderen Ort.',
  'packet-no-room':
    'Dort ist nicht genug Platz für das Paket. Schaffen Sie Platz, oder nehmen Sie einen anderen Stick; nichts wurde geschrieben.',
  'packet-too-large':
    'Das Dateisystem dort nimmt keine so große Datei (FAT32: höchstens 4 GB). Formatieren Sie den Stick als exFAT, oder nehmen Sie einen anderen.',
  'packet-changed':
    'Die Datei ist nicht die, die eben angesehen wurde. Sehen Sie sie noch einmal an; nichts wurde geändert.',
  'packet-not-here':
    'Für diesen Arbeitsplatz gibt es Verantwortliche: Eine Leitung oder Administration meldet sich an und öffnet das Paket.',
  'packet-opening': 'Es wird schon ein Paket geöffnet. Warten Sie, bis es da ist.',
  'packet-paired':
    'In dieser Studie wird nach dem ersten eigenen Votum der Grad des Modells gezeigt. Wer die Datei hat, könnte diese Grade vor dem Votum lesen: Sie lässt sich nicht mitnehmen.',
  'packet-reader-unknown': 'Unter diesem Namen befundet hier niemand mit offenem Konto in dieser Studie.',
  'packet-reader-keyless':
    'Diese Person hat noch keinen Schlüssel zum Unterschreiben. Sie meldet sich einmal hier an, mit einem eigenen Kennwort.',
  'packet-queue-empty': 'In der Liste dieser Person ist nichts zum Mitnehmen.',
  'packet-study-here':
    'Diese Studie wird an diesem Arbeitsplatz selbst geführt. Öffnen Sie das Paket dort, wo befundet wird.',
  'packet-title-taken': 'Eine andere Studie hier hat denselben Titel. Benennen Sie eine um; nichts wurde geändert.',
  'packet-name-taken':
    'Unter diesem Namen meldet sich hier schon jemand anders an. Öffnen Sie das Paket in einem eigenen Datenordner.',
  'packet-account-differs':
    'Das Konto dieser Person hat hier andere Schlüssel als im Paket, wie nach einem Zurücksetzen. Beginnen Sie mit einem leeren Datenordner.',
  'packet-study-differs':
    'Die Studie hier hat eine andere Skala oder ein anderes Design als das Paket. Fragen Sie die Leitung, die es gemacht hat.',
  'packet-other-signer':
    'Das Paket ist mit einem anderen Schlüssel unterschrieben als erwartet. Fragen Sie die Leitung, die es gemacht hat.',
  'packet-study-unknown': 'Das Paket ist von einer Studie, die es hier nicht gibt. Nichts wurde eingefügt.',
  'packet-other-study': 'Das Paket ist von einer anderen Studie. Fügen Sie es auf deren Seite ein.',
  'packet-signer-unknown':
    'Das Paket ist nicht mit einem Schlüssel unterschrieben, den diese Person hier hat. Nichts wurde eingefügt.',
  'packet-study-sealed':
    'Die Befundung dieser Studie ist versiegelt: Es kann kein Votum mehr dazukommen. Nichts wurde eingefügt.',
  'packet-assignment-unknown':
    'Im Paket ist etwas zu einem Scan, der hier nicht in der Liste dieser Person steht. Nichts wurde eingefügt.',
  'packet-vote-differs': 'Ein Votum des Pakets ist schon hier und sagt etwas anderes. Nichts wurde eingefügt.',
  'packet-vote-invalid': 'Ein Votum des Pakets kennt diese Studie nicht. Nichts wurde eingefügt.',
  'packet-clock':
    'Ein Votum des Pakets ist aus einer Zeit, die erst kommt. Stellen Sie die Uhren richtig; nichts wurde eingefügt.',
}
