export const errors = {
  unexpected: 'Etwas Unerwartetes ist geschehen. Gespeichertes ist nicht verloren. Versuchen Sie es noch einmal.',
  'sign-in-refused': 'Name oder Kennwort stimmt nicht.',
  'sign-in-locked': 'Zu viele falsche Kennwörter. Warten Sie etwas, oder fragen Sie die Administration.',
  'administrator-exists': 'Es gibt schon eine Administration. Melden Sie sich an.',
  'name-taken': 'Dieser Name ist vergeben. Wählen Sie einen anderen.',
  'not-allowed': 'Ihr Konto darf das nicht.',
  'not-signed-in': 'Sie sind nicht mehr angemeldet. Melden Sie sich wieder an.',
  'request-invalid': 'Etwas im Formular stimmt nicht. Prüfen Sie die Felder.',
  'title-taken': 'Es gibt schon eine Studie mit diesem Titel. Wählen Sie einen anderen.',
  'account-own': 'Mit dem eigenen Konto geht das nicht. Fragen Sie eine andere Administration.',
  'study-unknown': 'Diese Studie gibt es nicht mehr.',
  'scan-not-disputed': 'Über diesen Scan sind sich alle einig. Es gibt nichts zu entscheiden.',
  'preview-unknown': 'Diese Vorschau ist verfallen. Sehen Sie noch einmal in den Ordner.',
  'import-not-new': 'Nur neue Zeilen lassen sich importieren. Sehen Sie noch einmal in den Ordner.',
  'no-file': 'Diese Datei oder diesen Ordner gibt es nicht. Prüfen Sie den Pfad.',
  'folder-empty': 'Der Ordner ist leer.',
  'format-unknown': 'Das ist kein Bildformat, das Concord liest.',
  'format-refused': 'Diese Art von Bild lässt sich hier nicht verwenden.',
  'header-lies': 'Der Kopf dieser Datei widerspricht ihrem Inhalt. Kopieren Sie sie noch einmal von der Quelle.',
  'file-truncated': 'Diese Datei endet zu früh. Kopieren Sie sie noch einmal von der Quelle.',
  'file-damaged': 'Diese Datei ist beschädigt. Kopieren Sie sie noch einmal von der Quelle.',
  'file-missing': 'Eine Datei dieses Scans fehlt. Fordern Sie sie noch einmal an.',
  'file-empty': 'Diese Datei ist leer.',
  'size-mismatch': 'Die Bilder dieser Serie sind verschieden groß. Importieren Sie sie getrennt.',
  'disk-full':
    'Die Festplatte ist voll. Gespeichertes ist sicher. Schaffen Sie Platz und versuchen Sie es noch einmal.',
  'training-running': 'Dieser Lauf trainiert schon.',
  'training-no-scans': 'Ein Teil der Aufteilung hat keinen Scan. Mehr Scans einstufen oder die Aufteilung ändern.',
  'split-share': 'Validierung und Test müssen einen Anteil fürs Training lassen.',
  'learner-crashed': 'Das Training brach unerwartet ab. Der letzte Stand ist gesichert: Machen Sie dort weiter.',
  'study-not-draft': 'Die Studie ist schon offen. Personen und Skala stehen fest.',
  'study-without-scans': 'Die Studie hat noch keinen Scan zum Befunden. Importieren Sie zuerst welche.',
  'study-without-readers': 'Zu wenige Personen befunden. Benennen Sie sie zuerst.',
  'study-not-open': 'Die Studie ist nicht offen zum Befunden.',
  'study-not-sealed': 'Die Befundung ist noch nicht versiegelt. Versiegeln Sie sie zuerst.',
  superseded: 'Inzwischen wurde ein anderer Filter gewählt. Die Seite zeigt diesen.',
  'study-locked':
    'Die Voten dieser Studie sind verschlüsselt, und Ihr Schlüssel öffnet sie jetzt nicht. Melden Sie sich neu an, lassen Sie eine andere Leitung sich einmal anmelden, oder geben Sie auf der Seite „Studie einrichten“ den Wiederherstellungsschlüssel ein.',
  'study-not-locked': 'Die Voten dieser Studie brauchen keinen Schlüssel, oder keinen mehr.',
  'study-without-keeper':
    'Die Voten werden für die Leitungen verschlüsselt, aber noch hat sich keine angemeldet. Lassen Sie eine sich einmal anmelden, dann öffnen Sie die Befundung.',
  'study-key-changed':
    'Der Schlüssel für die Voten dieser Studie wurde von einem anderen Programm verändert. Nichts wurde abgegeben. Sagen Sie es der Leitung und der Administration: Prüfpfad prüfen, dann eine Sicherung wiederherstellen.',
  'study-altered':
    'Diese Studie ist nicht die, die der Prüfpfad kennt. Nichts wurde gespeichert. Sagen Sie es der Studienleitung und der Verwaltung.',
  'study-key-missing':
    'Der Schlüssel dieser Studie fehlt in der Datenbank. Nichts wurde abgegeben. Sagen Sie es der Leitung.',
  'keys-locked':
    'Ihr eigener Schlüssel ist gesperrt. Melden Sie sich neu an; nichts wurde abgegeben, und frühere Voten sind sicher.',
  'recovery-mistyped':
    'Das ist kein Wiederherstellungsschlüssel: neun Gruppen aus vier Buchstaben und Ziffern. Vergleichen Sie ihn mit dem Papier.',
  'recovery-wrong':
    'Dieser Wiederherstellungsschlüssel gehört zu einer anderen Studie oder zu einer früheren Befundung dieser Studie.',
  'vote-altered':
    'Ein Votum in der Datenbank wurde verändert. Nichts wird damit berechnet. Prüfen Sie den Prüfpfad, dann stellen Sie eine Sicherung wieder her.',
  'votes-missing': 'Es fehlen Voten. Versiegeln Sie nur, wenn Sie das hinnehmen.',
  'grade-unknown': 'Die Skala dieser Studie hat keinen solchen Grad.',
  'no-labels': 'Die Regel ergibt kein einziges Label. Entscheiden Sie zuerst Scans.',
  'votes-changed':
    'Während die Labels berechnet wurden, änderten sich immer wieder Voten oder Entscheidungen. Es wurde nichts eingefroren; versuchen Sie es, wenn niemand Scans entscheidet.',
  'no-scans': 'Es gibt keinen Scan zum Einstufen.',
  'run-in-progress': 'Ein Lauf ist im Gang. Warten Sie sein Ende ab oder halten Sie ihn an.',
  'run-not-resumable': 'Dieser Lauf kann nicht weitergehen. Starten Sie einen neuen.',
  'training-one-class': 'Alle Labels sind derselbe Grad. Daraus kann ein Netz nicht lernen.',
  'training-scans-gone':
    'Die Bilder einiger Scans mit Label liegen nicht mehr auf diesem Rechner. Ihren Ordner wieder importieren oder einen anderen Label-Satz nehmen.',
  'not-enough-memory':
    'Dieses Training braucht mehr Speicher, als da ist. Kleinere Bilder oder weniger Schichten je Schritt wählen.',
  'run-not-running': 'Nur ein Lauf, der gerade geht, lässt sich anhalten.',
  'series-in-progress': 'Eine Reihe von Läufen ist im Gang. Warten oder sie abbrechen.',
  'series-done': 'Alle Läufe dieser Reihe sind fertig.',
  'split-too-few-patients': 'Es gibt zu wenige Patienten für diese Aufteilung. Scans von mehr Patienten einstufen.',
  'split-class-too-few-patients':
    'Ein Grad kommt bei weniger Patienten vor, als es Teile gibt. Weniger Teile wählen oder mehr Scans einstufen.',
  'split-no-date': 'Einige Scans sagen nicht, wann sie gemacht wurden. Stattdessen nach Patienten aufteilen.',
  'split-nobody-before': 'Vor diesem Tag gibt es keinen Scan mit Label. Einen späteren Tag wählen.',
  'split-nobody-after': 'Ab diesem Tag wurde kein Patient zum ersten Mal gescannt. Einen früheren Tag wählen.',
  'split-no-site': 'An diesem Ort gibt es keinen Scan mit Label, oder an keinem anderen.',
  'picture-too-small': 'Für dieses Netz ist die Bildkante zu klein.',
  'weights-missing': 'Die Gewichtsdatei lässt sich nicht lesen.',
  'weights-wrong': 'Die Gewichtsdatei gehört zu einem anderen Netz.',
  'weights-broken': 'Die Gewichtsdatei ist beschädigt oder keine.',
  'password-weak': 'Dieses Kennwort ist zu leicht zu erraten. Nehmen Sie mehrere Wörter, die nicht zusammengehören.',
  'password-same': 'Das neue Kennwort ist das alte. Wählen Sie ein anderes.',
  'account-last': 'Eine Administration muss bleiben. Nichts wurde geändert.',
  'account-unknown': 'Dieses offene Konto gibt es nicht.',
  locked: 'Das Fenster ist gesperrt. Entsperren Sie es mit Ihrem Kennwort.',
  'disk-read-only':
    'Die Festplatte lässt sich nicht beschreiben. Dies wurde nicht gespeichert; Gespeichertes ist sicher. Bitten Sie um das Recht, dort zu schreiben, oder wählen Sie einen anderen Ordner.',
  'disk-failing':
    'Die Festplatte gab oder nahm die Daten nicht. Dies wurde nicht gespeichert; Gespeichertes ist sicher. Sehen Sie nach, ob sie voll ist oder ausfällt, dann versuchen Sie es noch einmal.',
  'database-damaged': 'Die Datenbank ist beschädigt. Stellen Sie die letzte gute Sicherung wieder her.',
  'database-unreachable':
    'Der Server der Abteilung ist nicht erreichbar. Was gespeichert werden sollte, ist noch nicht gespeichert; alles davor ist auf dem Server sicher.',
  'database-refused':
    'Der Server der Abteilung lehnt den Benutzer der Datenbank oder sein Kennwort ab. Prüfen Sie beides.',
  'database-missing':
    'Der Server der Abteilung hat keine Datenbank dieses Namens. Bitten Sie, wer ihn betreut, eine anzulegen.',
  'database-tls':
    'Der Verbindung zum Server der Abteilung kann nicht vertraut werden. Bitten Sie um ein Zertifikat, das den Server nennt.',
  'database-old': 'Der Server der Abteilung ist älter als PostgreSQL 13. Bitten Sie um einen neueren.',
  'database-encoding': 'Die Datenbank führt Text nicht als UTF8. Bitten Sie um eine, die das tut.',
  'database-read-only':
    'In die Datenbank der Abteilung kann nicht geschrieben werden. Dies wurde nicht gespeichert. Fragen Sie, wer den Server betreut.',
  'database-address':
    "Das ist keine Adresse einer PostgreSQL-Datenbank. Schreiben Sie postgres://BENUTZER{'@'}RECHNER/DATENBANK.",
  'database-address-password': 'Lassen Sie das Kennwort aus der Adresse weg: Es wird getrennt aufbewahrt.',
  'keychain-asking':
    'Der Schlüsselbund des Systems ist gesperrt und fragt in einem eigenen Fenster nach seinem Kennwort. Antworten Sie dort und versuchen Sie es dann noch einmal.',
  'keychain-missing':
    'Dieser Rechner hat keinen Schlüsselbund für das Kennwort. Schreiben Sie es in die Datei, die PGPASSFILE nennt.',
  'folder-unusable':
    'Es gibt diesen Ordner nicht, oder es kann nicht hineingeschrieben werden. Wählen Sie einen anderen.',
  'request-used': 'Dieses Votum galt einem anderen Scan. Es wurde nichts abgegeben.',
  'backup-on-server': 'Die Daten liegen auf dem Server der Abteilung: Wer ihn betreibt, sichert sie dort.',
  'database-busy':
    'Ein anderes Programm hält die Datenbank. Dies wurde nicht gespeichert; versuchen Sie es noch einmal.',
  'backup-not-good':
    'Diese Sicherung lässt sich nicht verwenden: Sie ist beschädigt, oder ihr Prüfpfad stimmt nicht. Nehmen Sie eine andere.',
  'chain-broken':
    'Der Prüfpfad stimmt nicht: Etwas wurde verändert oder entfernt. Prüfen Sie ihn auf der Seite „Prüfpfad“ nach.',
  'backup-folder-gone':
    'Den Ordner der Sicherungen gibt es nicht. Stecken Sie sein Laufwerk an, oder nennen Sie auf der Seite „Sicherungen“ einen anderen.',
  'backup-unusable':
    'Diese Datei ist keine Sicherung von Concord, oder sie ist beschädigt. Wählen Sie eine andere; von ihr blieb nichts hier.',
  'preview-busy': 'Diese Vorschau wird gerade importiert. Brechen Sie das zuerst ab.',
  'truth-unreadable':
    'Das ist keine Datei bekannter Wahrheiten. Sie braucht einen Kopf „subject,grade“, dann je Scan eine Zeile mit einem Grad der Studie.',
  'backup-unknown': 'Diese Sicherung gibt es nicht mehr. Sehen Sie noch einmal nach.',
  'head-invalid': 'Das ist keine Zeile des Prüfpfads: eine Zahl, ein Doppelpunkt, 64 Ziffern oder Buchstaben a bis f.',
  'comparison-closed': 'Das öffnet sich nach der Entblindung, wenn die Leitung der Studie es erlaubt.',
  'study-unblinded': 'Diese Studie ist schon entblindet. Das wurde festgehalten.',
  'study-not-unblinded': 'Zeigen Sie zuerst auf der Seite „Versiegeln“, wer A, B, C ist.',
  'reason-missing': 'Wählen Sie einen Grund oder sagen Sie in wenigen Worten, warum.',
  'cause-foreign': 'Dieser Grund gehört zu einer anderen Art von Studie. Wählen Sie einen aus der Liste.',
  'folder-not-empty': 'Der Ordner ist nicht leer. Wählen Sie einen anderen; nichts wurde geschrieben.',
  'output-unwritable': 'Dort lässt sich nichts schreiben. Wählen Sie einen anderen Ort.',
  'label-set-unknown': 'Diesen Label-Satz gibt es nicht.',
  'scan-unknown': 'Diesen Scan gibt es hier nicht.',
  'reader-unknown': 'Eine der gewählten Personen befundet nicht oder ist nicht aktiv.',
  'template-unknown': 'Diese Vorlage gibt es nicht.',
  'assignment-unknown': 'Dieser Scan ist nicht in Ihrer Reihe. Es wurde nichts abgegeben.',
  'vote-not-next': 'Dieser Scan ist nicht der nächste Ihrer Reihe. Ihre früheren Voten sind sicher.',
  'nothing-to-undo': 'Es gibt kein Votum zurückzunehmen. Nur das letzte lässt sich zurücknehmen.',
  'model-unknown': 'Dieses Modell gibt es nicht.',
  'model-missing': 'Die Datei dieses Modells fehlt. Stellen Sie eine Sicherung her oder trainieren Sie es neu.',
  'model-changed': 'Die Datei dieses Modells ist nicht die eingetragene. Sie wird nicht verwendet.',
  'model-retired': 'Dieses Modell ist außer Dienst.',
  'run-unknown': 'Diesen Trainingslauf gibt es nicht.',
  'no-evaluation': 'Es gibt keine Scans mit Label, von denen dieses Modell nicht gelernt hat.',
  'volume-missing': 'Das Bild dieses Scans fehlt auf diesem Rechner. Importieren Sie seinen Ordner noch einmal.',
  'cache-damaged':
    'Das Bild dieses Scans ist auf diesem Rechner beschädigt. Importieren Sie seinen Ordner noch einmal.',
  'slice-unknown': 'Diese Schicht hat der Scan nicht.',
  'decoder-crashed': 'Diese Datei ließ sich nicht lesen: Das Lesen brach daran ab. Alles andere geht weiter.',
  'decoder-timeout': 'Diese Datei zu lesen dauerte zu lange. Alles andere geht weiter.',
  'too-many-files': 'In diesem Ordner sind zu viele Dateien. Wählen Sie einen kleineren.',
  'folder-too-deep': 'Die Ordner liegen zu tief ineinander. Wählen Sie einen weiter unten.',
  'file-not-written': 'Die Datei ließ sich nicht schreiben. Wählen Sie einen anderen Ort.',
  'tensorflow-unavailable': 'TensorFlow startet auf diesem Rechner nicht. Befunden und alles andere gehen ohne es.',
  'training-diverged': 'Das Training entgleiste: Sein Verlust ist keine Zahl mehr. Wählen Sie eine kleinere Lernrate.',
  'training-bad-recipe': 'Etwas am Rezept passt nicht. Prüfen Sie die Felder.',
  'reply-invalid': 'Das Programm machte einen Fehler in seiner Antwort. Nichts ging verloren; das Protokoll sagt mehr.',
  'database-newer':
    'Diese Datenbank schrieb eine neuere Version von Concord. Installieren Sie diese; nichts wurde geändert.',
  'database-foreign': 'Das ist die Datenbank eines anderen Programms. Wählen Sie einen anderen Datenordner.',
  cancelled: 'Das wurde angehalten.',
  'scale-missing': 'Diese Vorlage hat keine eigene Skala. Legen Sie zuerst die Grade fest.',
  blinded: 'Sie befunden in dieser Studie selbst. Ihre Zahlen öffnen sich nach dem Versiegeln.',
  'design-paired':
    'Gepaartes Befunden geht weder mit Wiederholungen oder Runden noch mit verdeckten Fällen. Wählen Sie eines davon.',
  'case-in-queue': 'Das sind die Bilder eines Scans, der befundet werden soll. Wählen Sie einen anderen.',
  'case-once': 'Dieser Scan ist schon ein bekannter Fall der Studie; er kann nur einer sein.',
  'reader-knows-cases':
    'Eine der befundenden Personen hat einen verdeckten Fall gewählt und würde ihn kennen. Benennen Sie jemand anderen, oder lassen Sie eine andere Leitung wählen.',
  'predictions-missing':
    'Das Modell hat noch nicht alle Scans eingestuft. Lassen Sie es das auf der Seite „Studiendesign“ tun.',
  'confidence-missing': 'Sagen Sie, wie sicher Sie sich sind, dann geben Sie das Votum ab.',
  'worst-slice-missing': 'Markieren Sie die schlechteste Schicht, dann geben Sie das Votum ab.',
  'worst-slice-outside': 'Diese Schicht hat der Scan nicht.',
  'stack-grades-missing': 'Jeder Stapel des Scans braucht einen Grad.',
  'shares-one-grade': 'Erwarten Sie mindestens zwei Grade: Mit einem allein gibt es kein Kappa.',
  'pacs-url':
    'Das ist keine Adresse eines DICOMweb-Dienstes. Geben Sie sie ganz an, etwa https://pacs.example/dicom-web.',
  'pacs-plain': 'Ohne TLS (https) wären Namen und Kennwort lesbar. Nehmen Sie https, oder erlauben Sie HTTP.',
  'pacs-certificate':
    'Dem Zertifikat des Archivs wird nicht vertraut. Geben Sie die Datei der Stelle an, die es unterschrieben hat.',
  'pacs-unreachable':
    'Das Archiv antwortet unter seiner Adresse nicht. Was getan ist, ist sicher: Machen Sie weiter, wenn es wieder da ist.',
  'pacs-broken-off':
    'Das Archiv hat die Verbindung abgebrochen. Was getan ist, ist sicher: Machen Sie weiter, wenn es wieder da ist.',
  'pacs-timeout':
    'Das Archiv antwortet nicht mehr. Was getan ist, ist sicher: Machen Sie weiter, wenn es wieder da ist.',
  'pacs-redirect': 'Das Archiv schickt uns anderswohin. Dem wird nicht gefolgt: Richten Sie die richtige Adresse ein.',
  'pacs-credential': 'Das Archiv nimmt diese Zugangsdaten nicht an. Geben Sie sie noch einmal ein.',
  'pacs-credential-missing': 'Dieses Archiv fragt, wer wir sind. Geben Sie zuerst die Zugangsdaten ein.',
  'pacs-credential-kind': 'Das Archiv verlangt Zugangsdaten anderer Art.',
  'pacs-forbidden': 'Das Archiv erlaubt das nicht. Fragen Sie, wer sich darum kümmert.',
  'pacs-not-found': 'Das Archiv hat das nicht. Prüfen Sie seine Adresse, dann suchen Sie noch einmal.',
  'pacs-failing':
    'Das Archiv hat versagt. Versuchen Sie es noch einmal; bleibt es so, fragen Sie, wer sich darum kümmert.',
  'pacs-refused': 'Das Archiv hat die Anfrage abgelehnt.',
  'pacs-answer':
    'Das Archiv hat mit etwas geantwortet, das kein DICOM ist. Ist das die Adresse seines DICOMweb-Dienstes?',
  'pacs-truncated': 'Die Antwort des Archivs endet zu früh. Was vorher kam, ist da: Machen Sie weiter.',
  'pacs-too-large': 'Die Antwort des Archivs ist größer, als eine solche sein kann. Sie wurde abgebrochen.',
  'pacs-incomplete': 'Das Archiv nennt weniger Bilder, als es in dieser Serie zählt. Sie wurde ausgelassen.',
  'pacs-wrong-instance': 'Das Archiv hat ein anderes Bild gegeben als das verlangte. Die Serie wurde ausgelassen.',
  'pacs-not-stored': 'Das Archiv hat den Bericht nicht angenommen. Fragen Sie, wer sich darum kümmert.',
  'pacs-no-date': 'Die Dateien dieses Scans nennen keinen Tag; so ist er nicht wiederzufinden.',
  'pacs-not-found-again': 'Dieses Archiv hat die Untersuchung dieses Scans nicht.',
  'pacs-patient-changed':
    'Das Archiv führt diesen Scan unter einem anderen Patienten als beim Import. Sehen Sie selbst nach; für ihn wurde nichts geschickt.',
  'pacs-unknown': 'Dieses Archiv ist nicht mehr eingerichtet. Fragen Sie die Verwaltung.',
  'pacs-ca': 'Das ist kein Zertifikat in PEM, also kein Text, der mit BEGIN CERTIFICATE anfängt.',
  'no-keychain': 'Das System hat hier keinen Schlüsselbund. Die Zugangsdaten werden in jeder Sitzung erfragt.',
  'no-rescan-cut': 'Die Skala dieser Studie hat keinen Grad, der „Neuaufnahme“ bedeutet.',
  'nothing-to-report': 'Dorthin ist kein Bericht mehr zu schicken.',
  'job-unknown': 'Diese Arbeit gibt es in dieser Sitzung nicht.',
  'roi-no-spacing': 'Das Röntgenbild sagt nicht, wie groß ein Pixel ist. Geben Sie zuerst die Größe ein.',
  'roi-uneven-spacing': 'Die Pixel dieses Röntgenbilds sind nicht quadratisch. Rechnen Sie es zuerst um.',
  'roi-too-large': 'Bei dieser Pixelgröße ist das Messfeld größer als das Röntgenbild. Prüfen Sie die Größe.',
  'roi-outside': 'Das Messfeld ragt über den Rand des Röntgenbilds. Schieben Sie es nach innen.',
  'roi-missing': 'Einigen Scans fehlt noch das Messfeld. Setzen Sie sie auf der Seite „Messfelder“.',
  'roi-not-placed': 'Setzen Sie zuerst das Messfeld auf das Röntgenbild, dann geben Sie ab.',
  'roi-not-asked': 'Diese Studie verlangt kein Messfeld. So sagt es ihr Studiendesign.',
  'roi-not-yours': 'Sie setzen in dieser Studie keine Messfelder. Wer es tut, sagt die Leitung.',
  'roi-not-a-radiograph': 'Ein Messfeld wird auf ein einzelnes Bild gesetzt, nicht auf einen Stapel.',
  'roi-fixed':
    'Nach diesem Messfeld wird befundet, seit die Studie offen ist. Es wird nicht verschoben, solange das läuft.',
  'roi-spacing-known': 'Die Datei sagt, wie groß ein Pixel ist. Das gilt; keine andere Größe wird angenommen.',
  'update-unreachable':
    'Der Ort für Aktualisierungen ist nicht erreichbar. Prüfen Sie ihn und die Verbindung, dann suchen Sie noch einmal.',
  'update-missing': 'An diesem Ort liegt keine Aktualisierung. Prüfen Sie ihn, dann suchen Sie noch einmal.',
  'update-redirect':
    'Der Server verweist auf eine andere Adresse. Dem wird nicht gefolgt: Geben Sie den richtigen Ort an.',
  'update-certificate':
    'Das Zertifikat des Servers gilt nicht. Es wurde nichts geholt. Fragen Sie, wer den Server betreut.',
  'update-slow':
    'Der Server ist zu langsam oder antwortet nicht mehr. Nichts davon wurde behalten. Suchen Sie später noch einmal.',
  'update-broken-off':
    'Der Server brach ab, bevor die ganze Datei da war. Nichts davon wurde behalten. Suchen Sie noch einmal.',
  'update-unsigned':
    'Die Aktualisierung ist nicht vom Herausgeber dieses Programms signiert oder wurde seitdem geändert. Sie wird nicht verwendet.',
  'update-altered':
    'Die Datei ist nicht die, die signiert wurde. Sie wurde gelöscht. Fragen Sie, wer sie dort abgelegt hat.',
  'update-older': 'Was dort liegt, ist älter als diese Version. Es wird nicht verwendet.',
  'update-other-system': 'Eine neuere Version liegt dort, aber nicht für dieses System.',
  'update-gone': 'Inzwischen liegt dort eine andere Version. Suchen Sie noch einmal.',
  'update-no-key':
    'Diese Fassung enthält keinen Schlüssel, um Aktualisierungen zu prüfen. Installieren Sie eine neuere Version von Hand.',
  'update-place': 'Geben Sie einen Ordner mit ganzem Pfad an oder eine Adresse, die mit https beginnt.',
  'updates-off': 'Aktualisierungen sind ausgeschaltet. Zuerst gibt die Verwaltung den Ort an.',
}
