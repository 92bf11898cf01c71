/**
 * What `verifyChain` says of a break, in German; the main process speaks English. Kinds of rows stand without an article, so
 * that no gender is needed.
 */
const kinds: Record<string, string> = {
  adjudication: 'Entscheid',
  'label set': 'Label-Satz',
  'note of a report': 'Angabe für einen Bericht',
  'record of a report that was sent': 'Vermerk eines gesendeten Berichts',
  'training run': 'Trainingslauf',
  'result of a training run': 'Ergebnis eines Trainingslaufs',
  'series of training runs': 'Trainingsserie',
  model: 'Modell',
  'retirement of a model': 'Vermerk, dass ein Modell außer Gebrauch ist',
  account: 'Konto',
  'key of an account': 'Schlüssel eines Kontos',
  'place of an archive': 'Adresse eines Archivs',
  study: 'Studie',
  'reading of a study': 'Befundung einer Studie',
  'queue of a reader': 'Reihe einer Person',
  'key of a study': 'Schlüssel einer Studie',
  'box of a study’s key': 'Umschlag mit dem Schlüssel einer Studie',
  'opened key of a study': 'geöffneter Schlüssel einer Studie',
  'record of a packet': 'Vermerk eines Pakets',
  scan: 'Scan',
  'estimate of motion': 'Schätzung der Bewegung',
  'known truth': 'bekannter Befund',
  'region of interest': 'Messfeld',
  vote: 'Votum',
  "key of a reader's votes": 'Schlüssel der Voten einer Person',
}
const kind = (word: string): string => kinds[word] ?? word

const sentences: [RegExp, (...parts: string[]) => string][] = [
  [/^entry (\d+) is missing$/, (n) => `Eintrag ${n} fehlt`],
  [/^the entry before it was altered or removed$/, () => 'der Eintrag davor wurde geändert oder entfernt'],
  [/^the entry was altered$/, () => 'der Eintrag wurde geändert'],
  [
    /^the entry differs from the one that was noted outside of the database$/,
    () => 'der Eintrag ist ein anderer als der, der außerhalb der Datenbank notiert wurde',
  ],
  [
    /^the last entry was removed: entry (\d+) was noted outside of the database$/,
    (n) => `der letzte Eintrag wurde entfernt: Eintrag ${n} ist außerhalb der Datenbank notiert`,
  ],
  [
    /^the last (\d+) entries were removed: entry (\d+) was noted outside of the database$/,
    (gone, n) => `die letzten ${gone} Einträge wurden entfernt: Eintrag ${n} ist außerhalb der Datenbank notiert`,
  ],
  [
    /^the place of a queue is marked otherwise than its votes say$/,
    () => 'ein Platz einer Reihe ist anders markiert, als die Voten sagen',
  ],
  [/^the (.+) was altered$/, (word) => `geändert wurde: ${kind(word)}`],
  [/^the (.+) was removed$/, (word) => `entfernt wurde: ${kind(word)}`],
  [/^an? (.+) without an entry$/, (word) => `ohne Eintrag ist: ${kind(word)}`],
]

/** A break in the language of the page. */
export function breakText(why: string, language: string): string {
  if (language !== 'de') return why
  for (const [pattern, say] of sentences) {
    const found = pattern.exec(why)
    if (found) return say(...found.slice(1))
  }
  return why
}

/** Whether the kind of a row has a German word. For tests. */
export const knowsKind = (word: string): boolean => word in kinds
