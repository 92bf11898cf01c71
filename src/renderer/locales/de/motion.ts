export const motion = {
  note: 'Scan {position}, Ihr Votum: {what}; Bewegungsmaß {qme} (in Ruhe 100)',
  figure: 'Bewegungsmaß aus den Projektionen: QME {ncc} (NCC), {ssd} (SSD).',
  blind: '100 und 1: in Ruhe. Eine vor 180° zurückgenommene Bewegung hinterlässt keine Spur.',
  explained:
    'Das quantitative Bewegungsmaß (QME, Sode 2011) vergleicht die Projektionen bei 0° und 180°. 100 nach der Korrelation (NCC) und etwa 1 nach den Abweichungsquadraten (SSD): Dazwischen hat sich nichts bewegt. Ein Zittern oder ein Zucken, das zurückgenommen wurde, fällt zwischen die beiden Ansichten und hinterlässt darin keine Spur: Der Grad wird nach dem Bild vergeben.',
  undefined: 'Die Projektionen ergeben kein Bewegungsmaß: Eine Ansicht ist leer, oder zwei sind gleich.',
  chart: 'Ihre Grade und die Bewegung zwischen 0° und 180°',
  none: 'Keines Ihrer endgültigen Voten ist ein Grad mit einem Maß.',
  scan: 'Scan',
  grade: 'Ihr Grad',
  found: 'mit Projektionen',
}
