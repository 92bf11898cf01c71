/** The words of the built-in templates, by template and grade. English is as the main process has it (a test compares). */
export const templates = {
  'hrpqct-motion': {
    title: 'HR-pQCT motion 1-5',
    summary: 'Motion artefacts at the distal tibia and radius, graded 1 to 5; from 4 on the patient is scanned again.',
    grades: {
      1: { word: 'none', description: 'No visible motion: cortex sharp all round, no streaks.' },
      2: { word: 'minor', description: 'Slight streaks; the cortex is unbroken and sharp.' },
      3: { word: 'moderate', description: 'Streaks are plain, the cortex slightly blurred but continuous.' },
      4: { word: 'severe', description: 'Strong streaks, the cortex doubled or broken, trabeculae smeared.' },
      5: { word: 'extreme', description: 'Streaks all over, the cortex broken; structure cannot be made out.' },
    },
  },
  'calcaneus-osteoporosis': {
    title: 'Osteoporosis, calcaneus (OP / CN)',
    summary: 'Radiographs of the heel in two classes, osteoporosis or control; three readers, the majority decides.',
    grades: {
      1: {
        word: 'CN (control)',
        description: 'Dense trabecular pattern; compressive and tensile bundles are all there.',
      },
      2: { word: 'OP (osteoporosis)', description: 'Trabecular pattern thinned out or gone; bundles are missing.' },
    },
  },
}
