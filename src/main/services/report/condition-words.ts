import type { Scale } from '../../../preload/contract/common.ts'
import { asksForCondition, ownClassName } from '../../../preload/contract/common.ts'
import type { ReportLanguage } from './format.ts'
import type { ReportWords } from './report-words.ts'

type Names = { positive: string; negative: string }

/** What the report of a study that asks for a condition says in place of a re-scan. */
const en = ({ positive, negative }: Names): Partial<ReportWords> => ({
  lead: 'Disagreement about the class',
  leadText: (count, n, _grade, interval) =>
    `In ${count} of ${n} scans with two or more votes some readers say ${positive} and others ${negative}. ${interval}`,
  noCut: 'The scale of this study has grades of one class only.',
  scaleHead: ['Grade', 'Name', 'Description', 'Positive'],
  votesHead: { reader: 'Reader', votes: 'Votes', spread: 'Spread', rescan: positive },
  rescanTable: 'Disagreement about the class.',
  cutTable: 'The classes of each pair, and who grades higher.',
  cutNote: `Both, only first, only second, neither: scans that they call ${positive}. Mean difference: first less second, in grades, with its 95 % interval.`,
  disputedText: (disputed, conflicts, settled) =>
    `Readers differ on ${disputed} scans. In ${conflicts} of all scans the rounded mean and the majority of the classes part ways. The lead settled ${settled} disputed scans.`,
  networksHead: ['Network', 'Scans', 'Accuracy', 'Right class', 'Always the commoner class', 'Quadratic kappa'],
  relevance: (of100) => `By these figures, for about ${of100} of 100 scans the class depends on who reads.`,
})

const de = ({ positive, negative }: Names): Partial<ReportWords> => ({
  lead: 'Uneinigkeit über die Klasse',
  leadText: (count, n, _grade, interval) =>
    `Bei ${count} von ${n} Scans mit zwei oder mehr Voten sagen die einen ${positive}, die anderen ${negative}. ${interval}`,
  noCut: 'Die Skala dieser Studie hat nur Grade einer Klasse.',
  scaleHead: ['Grad', 'Name', 'Beschreibung', 'Positiv'],
  votesHead: { reader: 'Person', votes: 'Voten', spread: 'Verteilung', rescan: positive },
  rescanTable: 'Uneinigkeit über die Klasse.',
  cutTable: 'Die Klassen jedes Paars, und wer höher einstuft.',
  cutNote: `Beide, nur die erste, nur die zweite, keine: Scans, die sie ${positive} nennen. Mittlerer Unterschied: erste minus zweite Person, in Graden, mit 95-%-Intervall.`,
  disputedText: (disputed, conflicts, settled) =>
    `Bei ${disputed} Scans sind die Befundenden verschiedener Meinung. In ${conflicts} aller Scans gehen gerundetes Mittel und Mehrheit der Klassen auseinander. Die Leitung entschied ${settled} strittige Scans.`,
  networksHead: [
    'Netz',
    'Scans',
    'Genauigkeit',
    'Richtige Klasse',
    'Immer die häufigere Klasse',
    'Quadratisches Kappa',
  ],
  relevance: (of100) => `Nach diesen Zahlen hängt bei etwa ${of100} von 100 Scans die Klasse davon ab, wer befundet.`,
})

/** The texts of the table of sensitivity and specificity. */
export const classWords = {
  en: {
    title: 'Sensitivity and specificity, with 95 % intervals.',
    head: ['Reader', 'Sensitivity', 'Specificity', 'TP', 'FN', 'TN', 'FP'],
    majority: 'Majority',
    truth: 'Against the known truth.',
    others: 'No truth is known: each reader against the majority of the others, which may itself be wrong.',
    methods:
      'Sensitivity: of the scans that are positive by the reference, the share called so; specificity: the same of negative ones. Wilson’s intervals, or where a patient has several scans a bootstrap over patients. Disagreement about the class: among scans with two or more votes, those with votes in both classes.',
  },
  de: {
    title: 'Sensitivität und Spezifität, mit 95-%-Intervallen.',
    head: ['Person', 'Sensitivität', 'Spezifität', 'RP', 'FN', 'RN', 'FP'],
    majority: 'Mehrheit',
    truth: 'Gegen die bekannte Wahrheit.',
    others: 'Keine Wahrheit ist bekannt: jede Person gegen die Mehrheit der anderen, die selbst irren kann.',
    methods:
      'Sensitivität: von den Scans, die nach dem Vergleich positiv sind, der Anteil, der so genannt wird; Spezifität: dasselbe für negative. Intervalle nach Wilson, oder wo ein Patient mehrere Scans hat Bootstrap über Patienten. Uneinigkeit über die Klasse: unter Scans mit zwei oder mehr Voten die mit Voten in beiden Klassen.',
  },
} as const

/** The words of a report about a study on this scale. */
export function wordsFor(words: ReportWords, language: ReportLanguage, scale: Scale): ReportWords {
  if (!asksForCondition(scale)) return words
  const name = (above: boolean): string =>
    scale.grades
      .filter(({ value }) => value >= scale.rescanFrom! === above)
      .map((grade) => words.gradeText(grade).word)
      .join(', ')
  const names = {
    positive: ownClassName(scale, 'positive', language) ?? name(true),
    negative: ownClassName(scale, 'negative', language) ?? name(false),
  }
  const own = { ...words, ...(language === 'de' ? de(names) : en(names)) }
  // The first method is the re-scan disagreement's.
  return {
    ...own,
    methods: (resamples, seed) => [classWords[language].methods, ...words.methods(resamples, seed).slice(1)],
  }
}
