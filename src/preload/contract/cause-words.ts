import type { AdjudicationCause } from './causes.ts'

/** Why a scan was settled as it was: the page and the report say it in the same words. */
export const causeWords = {
  en: {
    streaksInside: 'Streaks cross the bone that is measured.',
    streaksOutside: 'Streaks stay outside the bone that is measured.',
    fewSlices: 'Only few slices are affected.',
    manySlices: 'Most slices are affected.',
    trabeculaeLost: 'The trabecular pattern is thinned out.',
    trabeculaeKept: 'The trabecular pattern is preserved.',
    exposure: 'Exposure or contrast misled.',
    overlap: 'Overlapping structures misled.',
    smallPart: 'Only a small part is affected.',
    largePart: 'Most of it is affected.',
    imageQuality: 'The image quality misled.',
    definition: 'It fits the definition of this grade best.',
    majority: 'The majority is right.',
    other: 'Another reason, in own words.',
  },
  de: {
    streaksInside: 'Streifen kreuzen den gemessenen Knochen.',
    streaksOutside: 'Streifen bleiben außerhalb des gemessenen Knochens.',
    fewSlices: 'Nur wenige Schichten sind betroffen.',
    manySlices: 'Die meisten Schichten sind betroffen.',
    trabeculaeLost: 'Die Trabekelstruktur ist ausgedünnt.',
    trabeculaeKept: 'Die Trabekelstruktur ist erhalten.',
    exposure: 'Belichtung oder Kontrast täuschten.',
    overlap: 'Überlagerungen täuschten.',
    smallPart: 'Nur ein kleiner Teil ist betroffen.',
    largePart: 'Der größte Teil ist betroffen.',
    imageQuality: 'Die Bildqualität täuschte.',
    definition: 'Die Beschreibung dieses Grades passt am besten.',
    majority: 'Die Mehrheit hat recht.',
    other: 'Ein anderer Grund, in eigenen Worten.',
  },
} satisfies Record<'en' | 'de', Record<AdjudicationCause, string>>
