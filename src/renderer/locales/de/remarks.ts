/**
 * What a reader of files remarks on a scan (src/main/imaging), kept with the scan as it was said, in German. A test holds the
 * two together.
 */
export const remarks: readonly (readonly [said: RegExp, german: string])[] = [
  [
    /^The files? do(?:es)? not say how the volume lies in the body\.$/,
    'Die Datei sagt nicht, wie der Scan im Körper liegt.',
  ],
  [
    /^The file does not say how the volume lies in the body; its axes are taken as right, front, up\.$/,
    'Die Datei sagt nicht, wie der Scan im Körper liegt; ihre Achsen gelten als rechts, vorn, oben.',
  ],
  [
    /^The file does not say how its space lies in the body; left, back, up is assumed\.$/,
    'Die Datei sagt nicht, wie ihr Raum im Körper liegt; angenommen ist links, hinten, oben.',
  ],
  [/^The file gives no usable voxel size or orientation\.$/, 'Die Datei nennt keine brauchbare Voxelgröße oder Lage.'],
  [/^The header gives no usable voxel size\.$/, 'Der Dateikopf nennt keine brauchbare Voxelgröße.'],
  [/^The file does not give the size of a voxel\.$/, 'Die Datei nennt keine Voxelgröße.'],
  [/^The files? do(?:es)? not give the size of a pixel\.$/, 'Die Datei nennt keine Pixelgröße.'],
  [
    /^The file does not name the unit of its voxel size; millimetres are assumed\.$/,
    'Die Datei nennt keine Einheit ihrer Voxelgröße; angenommen sind Millimeter.',
  ],
  [
    /^The pixel size is the detector’s: what lies nearer the source is magnified\.$/,
    'Die Pixelgröße ist die des Detektors: Was näher an der Quelle liegt, ist vergrößert.',
  ],
  [
    /^The slices have no positions: they are in the order of their numbers\.$/,
    'Die Schichten haben keine Lage: Sie stehen in der Reihenfolge ihrer Nummern.',
  ],
  [
    /^The distance between slices is not known; 1 mm is assumed\.$/,
    'Der Schichtabstand ist nicht bekannt; angenommen ist 1 mm.',
  ],
  [
    /^The distance between slices is not known; the slice thickness is assumed\.$/,
    'Der Schichtabstand ist nicht bekannt; angenommen ist die Schichtdicke.',
  ],
  [
    /^The thickness of the slice is not known; 1 mm is assumed\.$/,
    'Die Dicke der Schicht ist nicht bekannt; angenommen ist 1 mm.',
  ],
  [
    /^(.+) of (.+) pictures lie where another one lies and were left out\.$/,
    '$1 von $2 Bildern liegen, wo schon eines liegt, und wurden weggelassen.',
  ],
  [/^1 slice is missing \(after slice (.+)\)\.$/, '1 Schicht fehlt (nach Schicht $1).'],
  [/^(\d+)(?: slices are)? missing \(after slice (.+)\)\.$/, '$1 Schichten fehlen (nach Schicht $2).'],
  [/^The distance between slices is uneven: (.+) to (.+) mm\.$/, 'Der Schichtabstand ist ungleich: $1 bis $2 mm.'],
  [
    /^The slices are tilted by (.+) degrees; shown as if they were straight\.$/,
    'Die Schichten sind um $1 Grad gekippt; gezeigt, als stünden sie gerade.',
  ],
  [
    /^The axes are (.+) degrees off the right angle; shown as if they were at right angles\.$/,
    'Die Achsen weichen um $1 Grad vom rechten Winkel ab; gezeigt, als wären sie rechtwinklig.',
  ],
  [/^All values are not numbers \(NaN or infinite\)\.$/, 'Alle Werte sind keine Zahlen (NaN oder unendlich).'],
  [/^(.+?)(?: values are)? not numbers \(NaN or infinite\)\.$/, '$1 Werte sind keine Zahlen (NaN oder unendlich).'],
  [
    /^(.+?) (?:of the .+ )?values were rounded to 32-bit floats\.$/,
    '$1 Werte wurden auf 32-Bit-Gleitkommazahlen gerundet.',
  ],
  [/^The pictures? (?:was|were) compressed with loss \(JPEG\)\.$/, 'Das Bild war verlustbehaftet komprimiert (JPEG).'],
  [
    /^Extra channels of the picture \(transparency\) are left out\.$/,
    'Weitere Kanäle des Bildes (Transparenz) sind weggelassen.',
  ],
  [
    /^The rescale slope is zero; the stored values are shown\.$/,
    'Der Skalenfaktor ist null; gezeigt sind die gespeicherten Werte.',
  ],
  [
    /^The rescale differs between slices; values are kept instead of stored numbers\.$/,
    'Die Skala wechselt von Schicht zu Schicht; behalten sind die Werte statt der gespeicherten Zahlen.',
  ],
  [
    /^The (?:header|processing log) holds no density calibration: the values are the scanner’s native numbers\.$/,
    'Eine Dichtekalibrierung fehlt: Die Werte sind die eigenen Zahlen des Scanners.',
  ],
  [
    /^The header calls this file type (.+), not 3 as an ISQ\.$/,
    'Der Dateikopf nennt Dateityp $1, nicht 3 wie ein ISQ.',
  ],
  [/^The file holds more data than its header declares\.$/, 'Die Datei enthält mehr Daten, als ihr Kopf angibt.'],
  [/^The file holds (.+) volumes; this is the first\.$/, 'Die Datei enthält $1 Volumen; dies ist das erste.'],
  [
    /^The picture is in colour\. Regions and networks use its grey: 0\.299 red \+ 0\.587 green \+ 0\.114 blue \(ITU-R BT\.601\)\.$/,
    'Das Bild ist farbig. Messfelder und Netze verwenden sein Grau: 0,299 Rot + 0,587 Grün + 0,114 Blau (ITU-R BT.601).',
  ],
  [
    /^The rim of the picture is brighter than its middle: the values may run the wrong way round, bone dark\. Look at it\.$/,
    'Der Rand des Bildes ist heller als seine Mitte: Die Werte laufen vielleicht verkehrt herum, Knochen dunkel. Sehen Sie nach.',
  ],
]

/** What networks are, by name (src/main/learning/networks), in German. */
export const networkWords: Partial<Record<string, string>> = {
  walle2023:
    'Fünf 3-x-3-Faltungen zu 16 mit LeakyReLU, Max-Pooling, mittlerem Pooling und einer dichten Schicht zu 32: das Netz für Bewegung im HR-pQCT von Walle et al., Bone 2023, wie mit MotionScore veröffentlicht.',
  cbam: 'Fünf 3-x-3-Faltungen (16, 32, 64, 64, 128) mit Max-Pooling und den Teilen unten: der Vorschlag der Bachelorarbeit von 2023 zur Bewegungseinstufung.',
  scratch4:
    'Vier 3-x-3-Faltungen (16, 32, 64, 128), die ersten drei mit Max-Pooling, und eine dichte Schicht: das von Grund auf trainierte Netz der Veröffentlichung von 2021 zu Osteoporose und Mehrheit.',
  alexnet:
    'Fünf Faltungen und drei dichte Schichten für Bilder von 227 x 227: Krizhevsky 2012 und 2014, wie in torchvision.',
  googlenet:
    'Neun Inception-Module für Bilder von 224 x 224: Szegedy 2015, mit Batch-Normalisierung wie in torchvision.',
  resnet50: 'Sechzehn Residualblöcke, 50 Schichten, für Bilder von 224 x 224: He 2016, wie in Keras.',
  mobilenetv2: 'Siebzehn umgekehrte Residualblöcke für Bilder von 224 x 224: Sandler 2018, wie in Keras.',
  inceptionv3: 'Elf Inception-Module mit zerlegten Faltungen für Bilder von 299 x 299: Szegedy 2016, wie in Keras.',
}
