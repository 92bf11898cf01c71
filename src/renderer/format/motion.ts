import type { MotionEstimate } from '../../preload/contract/motion.ts'
import { decimal } from './statistics.ts'

/** QME by correlation: near 100 the third decimal is what differs. Null where undefined. */
export function qmeNCC({ qmeNCC }: Pick<MotionEstimate, 'qmeNCC'>, language: string): string | null {
  return qmeNCC === null ? null : decimal(qmeNCC, 3, language)
}

/** QME by squared differences: it runs over three powers of ten, two figures of it say enough. */
export function qmeSSD({ qmeSSD }: Pick<MotionEstimate, 'qmeSSD'>, language: string): string | null {
  if (qmeSSD === null) return null
  return new Intl.NumberFormat(language, { maximumSignificantDigits: 2 }).format(qmeSSD)
}
