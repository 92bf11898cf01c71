/** Was rund um Netze schiefgeht, nach Code. */
export const networkErrors = {
  'archive-foreign': 'Die Datei ist kein Archiv eines Modells.',
  'checkpoint-broken': 'Der gesicherte Stand dieses Laufs ist nicht lesbar. Starten Sie ihn neu.',
  'checkpoint-foreign': 'Der gesicherte Stand gehört zu einem anderen Rezept. Starten Sie den Lauf neu.',
  'compare-studies': 'Modelle verschiedener Studien haben keine Scans gemeinsam.',
  'compare-too-few': 'Wählen Sie zwei oder mehr Modelle zum Vergleichen.',
  'ensemble-scales': 'Nur Netze, die dieselben Grade geben, lassen sich verbinden.',
  'ensemble-too-few': 'Ein Ensemble braucht zwei oder mehr Modelle.',
  'experiment-running': 'Ein Experiment läuft. Halten Sie es an, oder warten Sie sein Ende ab.',
  'experiment-unknown': 'Dieses Experiment gibt es auf diesem Arbeitsplatz nicht.',
  'export-of-ensemble': 'TensorFlow.js nimmt ein einzelnes Netz. Exportieren Sie die Netze des Ensembles.',
  'folder-taken': 'So heißt schon eine Datei. Nennen Sie einen neuen Ordner für das Modell.',
  'heat-of-ensemble': 'Wählen Sie eines der Netze des Ensembles: Jedes sieht anderswohin.',
  'model-file-changed':
    'Die Modelldatei wurde nach dem Export verändert. Exportieren Sie sie noch einmal; nichts wurde importiert.',
  'model-file-foreign': 'Das ist kein Modell, das Concord exportiert hat. Nichts wurde importiert.',
  'model-file-missing': 'Die Modelldatei lässt sich nicht lesen. Prüfen Sie den Pfad, und ob der Stick steckt.',
  'model-file-newer':
    'Dieses Modell hat eine neuere Version von Concord exportiert. Erneuern Sie Concord hier, und importieren Sie es dann noch einmal.',
  'model-file-truncated':
    'Die Modelldatei ist abgeschnitten. Kopieren Sie sie noch einmal von dort, wo sie exportiert wurde.',
  'model-foreign': 'Im Ordner liegt kein Modell, das diese Version von Concord kennt.',
  'model-known': 'Dieses Modell ist schon hier.',
  'model-network-unknown': 'Das Netz dieses Modells kennt diese Version von Concord nicht. Erneuern Sie Concord.',
  'model-not-portable':
    'Die ordinalen Antworten dieses Netzes sind nicht geordnet; dafür hat TensorFlow.js keine Schicht. Exportieren Sie es für Concord.',
  'model-other-scale': 'Das Modell gibt andere Grade, als diese Studie hat. Nichts wurde importiert.',
  'network-unknown': 'Dieses Netz gibt es nicht.',
  'nothing-to-send': 'Alle diese Scans sind schon befundet oder stehen in den Warteschlangen.',
  'result-not-a-number':
    'Die Wahrscheinlichkeiten sind keine Zahlen: In den Bildern oder in den Gewichten stehen Werte, die keine sind.',
  'retrain-no-test':
    'Der frühere Lauf hielt keine Patienten für einen Test zurück; so gibt es nichts, woran sich vergleichen ließe. Starten Sie einen eigenen Lauf.',
  'roi-empty': 'Ein Ausschnitt hat überall denselben Wert. Setzen Sie ihn neu.',
  'run-taken-over': 'Ein anderer Arbeitsplatz macht mit diesem Lauf weiter; hier endet er.',
  'scan-constant': 'Ein Scan hat in seinen Schichten überall denselben Wert. Lassen Sie ihn weg.',
  'scan-not-a-number':
    'Ein Scan enthält Werte, die keine Zahlen sind. Lassen Sie ihn weg, oder importieren Sie ihn neu.',
  'scans-not-graded':
    'Einige Scans ließen sich nicht einstufen, alle übrigen sind eingestuft: {names}. Importieren Sie sie noch einmal.',
  'series-differs':
    'Gewählt wird innerhalb der Teile einer Kreuzvalidierung, unter zwei oder mehr Rezepten mit einem Startwert und einem Ort.',
  'series-unknown': 'Diese Reihe von Läufen gibt es nicht.',
  'slices-lost': 'Die vorbereiteten Schichten dieses Laufs wurden entfernt. Starten Sie ihn noch einmal.',
  'training-bad-label': 'Ein Scan hat ein Label außerhalb der Skala. Machen Sie den Label-Satz neu.',
}
