export const licences = {
  title: 'Bestandteile und ihre Lizenzen',
  lead: 'Concord steht unter der Apache License 2.0. Es besteht aus den folgenden Teilen, jeder unter seiner eigenen Lizenz.',
  search: 'Nach Name, Lizenz oder Version suchen',
  count: '{shown} von {all}',
  parts: 'Bestandteile des Programms',
  of: { electron: 'in Electron', tensorflow: 'in TensorFlow' },
  device: 'Netze rechnen auf',
  updates: {
    title: 'Updates',
    text: 'Von selbst wird nichts gesucht. Ist ein Ort angegeben, kann die Administration dort nachsehen; angeboten wird nur, was der Herausgeber signiert hat.',
    unkeyed:
      'Diese Fassung enthält keinen Schlüssel, mit dem sich Updates prüfen ließen: Sie nimmt keine an. Neuere Versionen werden von Hand installiert.',
    place: 'Ort der Updates',
    placeHint: 'Ein Ordner mit vollem Pfad oder eine Adresse, die mit https beginnt. Leer: Updates sind aus.',
    look: 'Nach einem Update sehen',
    saved: 'Gespeichert',
    none: 'Es gibt nichts Neueres.',
    found: 'Version {version} vom {date} liegt dort, ihre Signatur stimmt.',
    install: 'Datei prüfen und Installation öffnen',
    opened: 'Es ist die signierte Datei. Die Installation des Systems hat sie übernommen.',
    lies: 'Es ist die signierte Datei. Sie liegt unter {path}; von dort lässt sie sich installieren.',
  },
}
