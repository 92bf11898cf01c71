import type { DisputedPage, DisputedRequest } from '../../../preload/contract/analysis.ts'

export type Order = DisputedRequest['order']
export type OrderBy = Order['by']
export type Only = DisputedRequest['only']
export type Counts = Omit<DisputedPage, 'rows'>

export const nothingLeftOut: Only = { acrossCut: false, unsettled: false, conflict: false }

/** Rows asked for at a time: a list of tens of thousands is never in the window as a whole. */
export const portion = 200

/** The same column turns the order round; another one starts with what is looked for first: much before little, A before Z. */
export function orderAfter(order: Order, by: OrderBy): Order {
  return { by, down: order.by === by ? !order.down : ['dispute', 'range', 'entropy'].includes(by) }
}

/** The grades of a row: a column for each reader where so many fit beside the rest in the smallest window, else one for all. */
export const fitAsColumns = (letters: readonly string[]): boolean => letters.length <= 9
