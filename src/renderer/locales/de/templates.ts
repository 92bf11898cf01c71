/** Die Wörter der mitgelieferten Vorlagen. */
export const templates = {
  'hrpqct-motion': {
    title: 'HR-pQCT Bewegung 1-5',
    summary: 'Bewegungsartefakte an distaler Tibia und distalem Radius, Grad 1 bis 5; ab 4 wird neu aufgenommen.',
    grades: {
      1: { word: 'keine', description: 'Keine sichtbare Bewegung: Kortikalis ringsum scharf, keine Streifen.' },
      2: { word: 'gering', description: 'Leichte Streifen; die Kortikalis ist durchgehend und scharf.' },
      3: { word: 'mäßig', description: 'Deutliche Streifen, die Kortikalis leicht unscharf, aber durchgehend.' },
      4: { word: 'stark', description: 'Starke Streifen, Kortikalis doppelt oder unterbrochen, Trabekel verwischt.' },
      5: { word: 'extrem', description: 'Streifen überall, Kortikalis unterbrochen; keine Struktur mehr erkennbar.' },
    },
  },
  'calcaneus-osteoporosis': {
    title: 'Osteoporose, Kalkaneus (OP / CN)',
    summary:
      'Röntgenbilder der Ferse in zwei Klassen, Osteoporose oder Kontrolle; drei Leser, die Mehrheit entscheidet.',
    grades: {
      1: { word: 'CN (Kontrolle)', description: 'Dichtes Trabekelmuster; Druck- und Zugbündel sind alle da.' },
      2: { word: 'OP (Osteoporose)', description: 'Trabekelmuster ausgedünnt oder fort; Bündel fehlen.' },
    },
  },
}
