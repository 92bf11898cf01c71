/** Wo die Daten liegen: in einer Datei oder auf dem Server einer Abteilung. */
export const place = {
  away: 'Der Server der Abteilung ist nicht erreichbar. Was Sie jetzt tun, ist erst gespeichert, wenn er wieder da ist; was gespeichert war, ist dort sicher.',
  noPage:
    'Der Server der Abteilung ist nicht erreichbar. Gespeichertes ist dort sicher, und diese Seite kommt, sobald er wieder da ist.',
  noStart: {
    title: 'Die Daten lassen sich nicht öffnen',
    lead: 'Nichts wurde geändert, und Gespeichertes ist, wo es war.',
    unreachable:
      'Der Server der Abteilung ist nicht erreichbar. Prüfen Sie die Verbindung dieses Rechners, oder fragen Sie, wer den Server betreut; versuchen Sie es dann noch einmal.',
  },
  lead: 'In einer Datei dieses Arbeitsplatzes, oder auf einem PostgreSQL-Server der Abteilung, damit mehrere Arbeitsplätze ihre Studien teilen.',
  now: {
    title: 'Jetzt',
    file: 'In einer Datei dieses Arbeitsplatzes: {file}',
    server: 'Auf dem Server der Abteilung: {address}',
    reachable: 'Er ist erreichbar.',
    away: 'Er ist im Augenblick nicht erreichbar.',
    fixed: 'Die Umgebung dieses Rechners sagt es so (CONCORD_DATABASE); die Einstellung unten gilt nur ohne sie.',
    next: 'Vom nächsten Start an: {place}',
    nextFile: 'in einer Datei dieses Arbeitsplatzes',
  },
  server: {
    unreachable:
      'Unter dieser Adresse antwortet kein Server. Prüfen Sie Rechner und Port darin, oder fragen Sie, wer den Server betreut.',
    title: 'Ein Server der Abteilung',
    address: 'Adresse',
    addressHint: "postgres://BENUTZER{'@'}RECHNER/DATENBANK, ohne Kennwort",
    password: 'Kennwort des Datenbankbenutzers',
    passwordKept: 'Eines liegt im Schlüsselbund dieses Rechners; leer: dieses.',
    passwordHint: 'Kommt in den Schlüsselbund dieses Rechners.',
    noKeychain:
      'Dieser Rechner hat keinen Schlüsselbund: Schreiben Sie das Kennwort in die Datei, die PGPASSFILE nennt.',
    files: 'Ordner, den alle Arbeitsplätze teilen (freiwillig)',
    filesHint: 'Für Bilder, Läufe und Modelle. Ohne ihn hat jeder Arbeitsplatz nur, was er selbst importiert hat.',
    browse: 'Durchsuchen',
    test: 'Verbindung prüfen',
    use: 'Vom nächsten Start an verwenden',
    here: 'Wieder die Datei dieses Arbeitsplatzes verwenden',
    saved: 'Gemerkt. Schließen Sie Concord und starten Sie es neu.',
  },
  found: {
    title: 'PostgreSQL {version} antwortet in {milliseconds} ms',
    nothing: 'Die Datenbank ist leer; Concord legt beim nächsten Start seine Tabellen an.',
    concord: 'Die Datenbank gehört Concord, mit einer Studie. | Die Datenbank gehört Concord, mit {studies} Studien.',
    older:
      'Die Datenbank gehört einer früheren Version von Concord, mit {studies} Studien; der nächste Start bringt sie auf diese Version. Bringen Sie auch die anderen Arbeitsplätze auf diese Version.',
    newer:
      'Die Datenbank gehört einer neueren Version von Concord. Bringen Sie zuerst diesen Arbeitsplatz auf jene Version.',
    foreign: 'Die Datenbank gehört einem anderen Programm. Bitten Sie um eine eigene, leere.',
    encrypted: 'Die Verbindung ist verschlüsselt, und das Zertifikat des Servers stimmt.',
    open: 'Der Server ist dieser Rechner selbst; die Verbindung ist nicht verschlüsselt.',
    clock:
      'Die Uhr dieses Rechners weicht um {seconds} s von der des Servers ab. Stellen Sie sie: Voten tragen ihre Zeit.',
  },
  move: 'Studien, die schon in dieser Datei liegen, ziehen um mit: concord database move ADRESSE --as NAME. Jede Zeile wird verglichen; die Datei bleibt erhalten.',
  backups: {
    title: 'Die Daten liegen auf dem Server der Abteilung',
    text: 'Concord macht davon keine Sicherungen: Wer den Server betreibt, sichert ihn dort (pg_dump oder die fortlaufende Archivierung des Servers) und stellt ihn wieder her. Bitten Sie um mindestens eine Sicherung am Tag auf einem anderen Rechner und um eine Probe der Wiederherstellung.',
    after:
      'Nach einer Wiederherstellung hält „Alles prüfen“ auf der Seite des Prüfpfads sie gegen die Enden des Pfads, die dieser Arbeitsplatz sich gemerkt hat, und nennt, was fehlt.',
  },
}
