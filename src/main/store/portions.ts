/** Identifiers of one query. */
const PORTION = 500

/** The rows of a query for many identifiers, so many asked for at a time. @param before awaited before each, to let others in */
export async function inPortions<R>(
  ids: readonly string[],
  query: (some: readonly string[]) => Promise<R[]>,
  before: () => Promise<void> = () => Promise.resolve(),
): Promise<R[]> {
  const rows: R[] = []
  for (let at = 0; at < ids.length; at += PORTION) {
    await before()
    rows.push(...(await query(ids.slice(at, at + PORTION))))
  }
  return rows
}
