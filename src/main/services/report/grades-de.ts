/** The built-in scales in German, by their grades' English descriptions; a department's own scale stays as it was written. */
export const gradesDe: Readonly<Record<string, { word: string; description: string }>> = {
  'No visible motion: cortex sharp all round, no streaks.': {
    word: 'keine',
    description: 'Keine sichtbare Bewegung: Kortikalis ringsum scharf, keine Streifen.',
  },
  'Slight streaks; the cortex is unbroken and sharp.': {
    word: 'gering',
    description: 'Leichte Streifen; die Kortikalis ist durchgehend und scharf.',
  },
  'Streaks are plain, the cortex slightly blurred but continuous.': {
    word: 'mäßig',
    description: 'Deutliche Streifen, die Kortikalis leicht unscharf, aber durchgehend.',
  },
  'Strong streaks, the cortex doubled or broken, trabeculae smeared.': {
    word: 'stark',
    description: 'Starke Streifen, Kortikalis doppelt oder unterbrochen, Trabekel verwischt.',
  },
  'Streaks all over, the cortex broken; structure cannot be made out.': {
    word: 'extrem',
    description: 'Streifen überall, Kortikalis unterbrochen; keine Struktur mehr erkennbar.',
  },
  'Dense trabecular pattern; compressive and tensile bundles are all there.': {
    word: 'CN (Kontrolle)',
    description: 'Dichtes Trabekelmuster; Druck- und Zugbündel sind alle da.',
  },
  'Trabecular pattern thinned out or gone; bundles are missing.': {
    word: 'OP (Osteoporose)',
    description: 'Trabekelmuster ausgedünnt oder fort; Bündel fehlen.',
  },
}
