import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Connection, Database } from '../../store/database.ts'
import type { Row } from '../../store/schema.ts'
import { labelSetDigester } from '../../store/witness/digests.ts'
import type { LabelsAnswer } from '../../statistics/whole-question.ts'

/** Labels written, read or removed at a time: some milliseconds, so that a vote never waits long. */
const PORTION = 200

/**
 * Writes the labels of a set that is not there yet, some at a time, outside of any transaction: without the row of their set they are
 * no labels, and are removed again by `removeLabels` or at the next start. Returns what the set's audit entry attests.
 * @param tell how many are written
 */
export async function writeLabels(
  db: Database,
  set: Row<'label_set'>,
  made: LabelsAnswer,
  tell: (done: number) => void,
): Promise<string> {
  const digester = labelSetDigester(set)
  let at = 0
  for (const part of portions(made)) {
    digester.add(part)
    await db
      .insertInto('label')
      .values(part.map((label) => ({ ...label, label_set_id: set.id })))
      .execute()
    tell((at += part.length))
    await nextTurn()
  }
  return digester.digest()
}

type Label = Omit<Row<'label'>, 'label_set_id'>

function* portions({ scans, grades, adjudicated, shares }: LabelsAnswer): Generator<Label[]> {
  const q = grades.length === 0 ? 0 : shares.length / grades.length
  let from = 0
  for (let place = 0; place < grades.length;) {
    const part: Label[] = []
    for (; part.length < PORTION && place < grades.length; place += 1) {
      const end = scans.indexOf('\n', from)
      part.push({
        scan_id: scans.slice(from, end < 0 ? undefined : end),
        grade: grades[place]!,
        distribution: JSON.stringify([...shares.subarray(place * q, (place + 1) * q)]),
        origin: adjudicated[place] === 1 ? 'adjudicated' : 'rule',
      })
      from = end + 1
    }
    yield part
  }
}

/** How many labels of a set there are. */
export async function countLabels(connection: Connection, labelSetId: string): Promise<number> {
  const { n } = await connection
    .selectFrom('label')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('label_set_id', '=', labelSetId)
    .executeTakeFirstOrThrow()
  return Number(n)
}

/** Removes the labels of a set that is not there; of one that is there the database refuses it. */
export async function removeLabels(db: Database, labelSetId: string): Promise<void> {
  for (;;) {
    const rows = await db
      .selectFrom('label')
      .select('scan_id')
      .where('label_set_id', '=', labelSetId)
      .limit(PORTION)
      .execute()
    if (rows.length === 0) return
    const ids = rows.map(({ scan_id }) => scan_id)
    await db.deleteFrom('label').where('label_set_id', '=', labelSetId).where('scan_id', 'in', ids).execute()
    await nextTurn()
  }
}

/** Removes what a program that ended while it froze a set left behind. Nothing where one goes on, here or at another workstation. */
export async function removeLeftLabels(db: Database): Promise<void> {
  const working = await db
    .selectFrom('job')
    .select('id')
    .where('kind', '=', 'labels')
    .where('state', 'in', ['queued', 'running'])
    .limit(1)
    .executeTakeFirst()
  if (working) return
  for (let last = ''; ;) {
    // One row a set: the index is not gone through.
    const next = await db
      .selectFrom('label')
      .leftJoin('label_set', 'label_set.id', 'label.label_set_id')
      .select(['label.label_set_id as id', 'label_set.id as set'])
      .where('label.label_set_id', '>', last)
      .orderBy('label.label_set_id')
      .limit(1)
      .executeTakeFirst()
    if (!next) return
    last = next.id
    if (next.set === null) await removeLabels(db, last)
  }
}

/** A set's labels with the grades and origins counted, some at a time. */
export async function countsOf(connection: Connection, labelSetId: string): Promise<Counts> {
  const counts = new Map<string, Counts[number]>()
  for (let last = '', full = true; full; await nextTurn()) {
    const rows = await connection
      .selectFrom('label')
      .select(['scan_id', 'grade', 'origin'])
      .where('label_set_id', '=', labelSetId)
      .where('scan_id', '>', last)
      .orderBy('scan_id')
      .limit(10 * PORTION)
      .execute()
    for (const { grade, origin } of rows) {
      const known = counts.get(`${grade} ${origin}`)
      if (known) known.count += 1
      else counts.set(`${grade} ${origin}`, { grade, origin, count: 1 })
    }
    last = rows.at(-1)?.scan_id ?? last
    full = rows.length === 10 * PORTION
  }
  return [...counts.values()].sort((a, b) => a.grade - b.grade)
}
export type Counts = (Pick<Row<'label'>, 'grade' | 'origin'> & { count: number })[]
