import { openWith } from './box.ts'

/** The key of a reader's votes in the box for the study is bound to its own identifier. */
export const studyPurpose = (readerKeyId: string): string => `votes key ${readerKeyId} to its study`

/** The key of a reader's votes (32 bytes) by the study's pair; null where the box is for another one or was altered. */
export const readerKeyOf = (
  study: { publicKey: string; privateKey: Uint8Array },
  readerKeyId: string,
  box: string,
): Buffer | null => openWith(study, box, studyPurpose(readerKeyId))
