/** What a new study starts from. A department's own scale replaces `scale`; the rest is words. */
export interface StudyTemplate {
  key: string
  title: string
  summary: string
  scale: { grades: { value: number; word: string; description: string }[]; rescanFrom: number | null }
  readersPerScan: number
}

/**
 * Motion grading of HR-pQCT: what each grade looks like after Pialat et al. (2012), Bone 50:111-118, and Whittier et al.
 * (2020), Osteoporos Int 31:1607-1627, who advise to scan again from grade 4 on.
 */
const motion: StudyTemplate = {
  key: 'hrpqct-motion',
  title: 'HR-pQCT motion 1-5',
  summary: 'Motion artefacts at the distal tibia and radius, graded 1 to 5; from 4 on the patient is scanned again.',
  readersPerScan: 3,
  scale: {
    rescanFrom: 4,
    grades: [
      { value: 1, word: 'none', description: 'No visible motion: cortex sharp all round, no streaks.' },
      { value: 2, word: 'minor', description: 'Slight streaks; the cortex is unbroken and sharp.' },
      { value: 3, word: 'moderate', description: 'Streaks are plain, the cortex slightly blurred but continuous.' },
      { value: 4, word: 'severe', description: 'Strong streaks, the cortex doubled or broken, trabeculae smeared.' },
      { value: 5, word: 'extreme', description: 'Streaks all over, the cortex broken; structure cannot be made out.' },
    ],
  },
}

/** A new template is one more row. */
export const templates: readonly StudyTemplate[] = [motion]
