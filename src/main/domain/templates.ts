/** What a new study starts from. A department's own scale replaces `scale`; the rest is words. */
export interface StudyTemplate {
  key: string
  title: string
  summary: string
  scale: {
    grades: { value: number; word: string; description: string }[]
    rescanFrom: number | null
    /** `positive`: grades from the cut on say that the condition is there; otherwise that the patient is scanned again. */
    cutMeans?: 'positive'
  }
  readersPerScan: number
  /** Whether the study asks for a region of interest, and how (preload/contract/design.ts); none where not given. */
  region?: { ask: 'own' | 'shared'; required: boolean; placers: string[] }
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

/**
 * The majority-voting study of 2021: is there osteoporosis in this calcaneus radiograph? The paper's classes CN and OP; OP is
 * the positive one (its section 2.3.4), so sensitivity is of OP. Grade 0 stays free for "cannot be graded". What to look for is
 * after Jhamaria et al. (1983), J Bone Joint Surg Br 65:195-198, who grade osteoporosis by the trabecular bundles of the
 * calcaneus.
 */
const osteoporosis: StudyTemplate = {
  // As in the paper one square for all, placed by an experienced operator (section 2.1).
  region: { ask: 'shared', required: false, placers: [] },
  key: 'calcaneus-osteoporosis',
  title: 'Osteoporosis, calcaneus (OP / CN)',
  summary: 'Radiographs of the heel in two classes, osteoporosis or control; three readers, the majority decides.',
  readersPerScan: 3,
  scale: {
    rescanFrom: 2,
    cutMeans: 'positive',
    grades: [
      {
        value: 1,
        word: 'CN (control)',
        description: 'Dense trabecular pattern; compressive and tensile bundles are all there.',
      },
      {
        value: 2,
        word: 'OP (osteoporosis)',
        description: 'Trabecular pattern thinned out or gone; bundles are missing.',
      },
    ],
  },
}

/** A new template is one more row. */
export const templates: readonly StudyTemplate[] = [motion, osteoporosis]

/** What a study with a scale of the department's own is kept under. */
export const ownTemplate = 'own'
