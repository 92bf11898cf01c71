import { viewCommands, viewKeys, type ViewCommand } from '../viewer/commands.ts'
import type { Scale } from '../../preload/contract/common.ts'

/** Everything a reader can do by key beside picking a grade. The one table: the listener and the help both read it. */
export const actions = [
  ...(['cast', 'undo', 'cannot', 'confidence', 'stack', 'region', 'region-values'] as const),
  ...viewCommands,
  ...(['sheet', 'exemplars', 'worst', 'note', 'pause', 'second-window', 'help'] as const),
] as const
export type Action = (typeof actions)[number]
export type KeyTable = Record<Action, string>

/** A part of the page that has the digits for itself while it is open; true when it used one. */
export interface DigitTaker {
  takeDigit: (digit: number) => boolean
}

export const isViewCommand = (action: Action): action is ViewCommand =>
  (viewCommands as readonly string[]).includes(action)

export const defaultKeys: Readonly<KeyTable> = {
  ...viewKeys,
  cast: 'Enter',
  undo: 'Backspace',
  cannot: '0',
  confidence: 'Q',
  stack: 'T',
  region: 'R',
  'region-values': 'B',
  sheet: 'C',
  exemplars: 'E',
  worst: 'M',
  note: 'N',
  pause: 'L',
  'second-window': 'V',
  help: '?',
}

/**
 * The key of each grade. Grades 1 to 9 have their own digit; a scale that also has 0, or none above 9, keeps its digits and
 * "cannot be graded" moves to the minus key (see `tableFor`); any other scale is counted 1, 2, 3 from its lowest grade.
 */
export function gradeKeys(scale: Scale): Map<string, number> {
  const ownDigits = scale.grades.every((grade) => grade.value <= 9)
  const pairs = scale.grades.map((grade, i): [string, number] => [
    ownDigits ? String(grade.value) : String(i + 1),
    grade.value,
  ])
  return new Map(pairs.filter(([key]) => key.length === 1))
}

/** The table for a scale: where a grade is called 0, "cannot be graded" is on the minus key. */
export function tableFor(table: KeyTable, scale: Scale): KeyTable {
  if (!gradeKeys(scale).has(table.cannot)) return table
  return { ...table, cannot: '-', ...(table['zoom-out'] === '-' ? { 'zoom-out': '_' } : {}) }
}

const digit = /^[0-9]$/

/** Whether a key may be given to an action: not a digit (grades), Tab or Escape (leaving), and not in use. */
export function refusal(table: KeyTable, action: Action, key: string): 'reserved' | 'taken' | null {
  if (digit.test(key) && !(action === 'cannot' && key === '0')) return 'reserved'
  if (['Tab', 'Shift+Tab', 'Escape'].includes(key)) return 'reserved'
  return actions.some((other) => other !== action && table[other] === key) ? 'taken' : null
}

/** A person's own table. What cannot be used (an older version, a hand at it) falls back to the default. */
export function tableFrom(kept: Readonly<Record<string, string>>): KeyTable {
  const table: KeyTable = { ...defaultKeys }
  for (const action of actions) {
    const key = kept[action]
    if (typeof key === 'string' && key !== '') table[action] = key
  }
  const usable = actions.every((action) => refusal(table, action, table[action]) === null)
  return usable ? table : { ...defaultKeys }
}

/** Only what differs from the default is kept, so that a later default reaches everybody. */
export function ownKeys(table: KeyTable): Record<string, string> {
  return Object.fromEntries(actions.filter((a) => table[a] !== defaultKeys[a]).map((a) => [a, table[a]]))
}
