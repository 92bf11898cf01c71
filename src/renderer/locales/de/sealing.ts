export const sealing = {
  title: 'Verschlüsselung der Voten',
  clear:
    'Die Voten dieser Studie sind nicht verschlüsselt: Wer die Datenbankdatei lesen kann, kann sie mit einem anderen Programm lesen.',
  encrypted:
    'Die Voten dieser Studie sind verschlüsselt: Bis die Befundung versiegelt ist, verrät die Datenbankdatei, wer wann votiert hat, aber nicht wie.',
  opened: '{by} hat die Befundung versiegelt. Damit wurden die verschlüsselten Voten für die Studie geöffnet.',
  keepers: 'Die Kennwörter dieser Leitungen öffnen sie: {names}.',
  reads:
    'Alle Leitungen befunden in dieser Studie; darum haben auch sie ihren Schlüssel. Das Programm zeigt ihnen vor dem Versiegeln keine anderen Voten.',
  reminder:
    'Drucken Sie den Wiederherstellungsschlüssel und schließen Sie ihn ein. Vergessen alle Leitungen ihr Kennwort, öffnet nichts anderes die Voten dieser Studie.',
  kept: '{by} hat den Wiederherstellungsschlüssel auf Papier.',
  show: 'Wiederherstellungsschlüssel zeigen',
  save: 'Als Textdatei speichern',
  have: 'Ich habe ihn auf Papier',
  savedTo: 'Gespeichert unter {path}. Drucken Sie die Datei und löschen Sie sie dann.',
  locked:
    'Ihr Kennwort öffnet die Voten nicht. Eine andere Leitung meldet sich einmal an, oder Sie geben den Wiederherstellungsschlüssel ein.',
  lockedForAll: 'Kein Kennwort einer Leitung öffnet die Voten noch. Geben Sie den Wiederherstellungsschlüssel ein.',
  code: 'Wiederherstellungsschlüssel',
  unlock: 'Voten öffnen',
  choose: 'Voten verschlüsseln, bis die Befundung versiegelt ist',
  chooseNote:
    'Empfohlen. Das lässt sich später nicht ändern; der Schlüssel zum Drucken steht auf der Seite „Studie einrichten“.',
}
