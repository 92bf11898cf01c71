import { setImmediate as nextTurn } from 'node:timers/promises'
import type { z } from 'zod'
import type { audit, AuditEntry, AuditPage, ChainCheck } from '../../../preload/contract/audit.ts'
import { csvText } from '../../domain/csv.ts'
import { ConcordError } from '../../domain/error.ts'
import { digestOf, headOf, headText, record } from '../../store/audit.ts'
import { parseHead, type Anchors } from '../../store/anchors.ts'
import type { Database } from '../../store/database.ts'
import type { Row } from '../../store/schema.ts'
import { verifyChain } from '../../store/verify.ts'
import { namesOfSubjects } from './subjects.ts'
import { isSealed, isUnblinded, type AskWhere, type Caller } from '../context.ts'
import { writeOut } from '../../files/write-out.ts'

type Wanted = z.output<(typeof audit)['list']['request']>

const portion = 1000
/** Entries of one page of the list. */
const PAGE = 100
/** Entries looked through at a time for those that somebody asked for: some milliseconds. */
const looked = 20_000
/** Acts whose times say when somebody was at the window. */
const present = /^(vote|session|roi)\.|^account\.password-changed$/
const columns = [
  'sequence',
  'at',
  'account',
  'name',
  'act',
  'subject',
  'row_digest',
  'previous',
  'digest',
  'about',
] as const

/** The audit trail for those who answer for it: to look at, to recompute, to take along. */
export function createAudit({ db, anchors }: { db: Database; anchors: Anchors }) {
  /** Times of sign-ins and votes would tell a reader of a study that is not sealed what the others do. */
  async function requireOpenTo(caller: Caller): Promise<void> {
    const own = await db
      .selectFrom('study_reader')
      .innerJoin('study', 'study.id', 'study_reader.study_id')
      .selectAll('study')
      .where('study_reader.account_id', '=', caller.accountId)
      .execute()
    if (own.some((study) => study.state !== 'draft' && !isSealed(study)))
      throw new ConcordError(
        'blinded',
        'You read in a study that is not sealed yet. The audit trail opens to you when it is.',
      )
  }

  /**
   * Who cast which vote, or placed which region, stays unknown until the study's readers are named: the times here and the letters beside the votes
   * would name them together. What these people did at other places, and the rest, is told.
   */
  async function withheld(): Promise<Set<string>> {
    const rows = await db
      .selectFrom('study_reader')
      .innerJoin('study', 'study.id', 'study_reader.study_id')
      .selectAll('study')
      .select('study_reader.account_id')
      .execute()
    return new Set(rows.filter((row) => row.state !== 'draft' && !isUnblinded(row)).map((row) => row.account_id))
  }

  async function namer() {
    const hidden = await withheld()
    const accounts = await db.selectFrom('account').select(['id', 'display_name']).execute()
    const names = new Map(accounts.map((account) => [account.id, account.display_name]))
    /** Wrong passwords are nobody's act, but their subject says who was about to come. */
    const isSecret = (link: Row<'audit'>): boolean =>
      present.test(link.act) && ((link.account_id !== null && hidden.has(link.account_id)) || hidden.has(link.subject))
    return {
      hidden,
      named: async (links: Row<'audit'>[]): Promise<AuditEntry[]> => {
        const open = links.filter((link) => !isSecret(link))
        const about = await namesOfSubjects(
          db,
          open.map((link) => link.subject),
        )
        return links.map((link) => {
          const secret = isSecret(link)
          const accountId = secret ? null : link.account_id
          const subject = secret ? null : link.subject
          return {
            ...{ sequence: link.sequence, at: link.at, act: link.act, subject, secret },
            about: subject === null ? null : (about.get(subject) ?? null),
            ...{ accountId, name: accountId === null ? null : (names.get(accountId) ?? null) },
            ...{ rowDigest: link.row_digest, previous: link.previous, digest: link.digest },
          }
        })
      },
    }
  }

  /** A break with what an auditor needs to find it: what it is about, and what its entry says. Nobody's name who voted. */
  async function named(broken: { sequence: number | null; subject: string; why: string }) {
    const names = await namesOfSubjects(db, [broken.subject])
    const entry =
      broken.sequence === null
        ? undefined
        : await db.selectFrom('audit').select(['act', 'at']).where('sequence', '=', broken.sequence).executeTakeFirst()
    // What another program wrote there need be no moment at all.
    const at = entry && !Number.isNaN(Date.parse(entry.at)) ? new Date(entry.at).toISOString() : null
    return { ...broken, about: names.get(broken.subject) ?? null, act: entry?.act ?? null, at }
  }

  /** In the order of the chain, from the entry after `after`. */
  const next = (after: number): Promise<Row<'audit'>[]> =>
    db.selectFrom('audit').selectAll().where('sequence', '>', after).orderBy('sequence').limit(portion).execute()

  return {
    /** Newest first. */
    async list(caller: Caller, wanted: Wanted): Promise<AuditPage> {
      await requireOpenTo(caller)
      const { hidden, named } = await namer()
      const secretly = wanted.by !== undefined && hidden.has(wanted.by)
      // The head first: what is added while the list is looked for stands behind it.
      const head = await headOf(db)
      const matching = db
        .selectFrom('audit')
        .selectAll()
        .$if(wanted.area !== undefined, (q) => q.where('act', 'like', `${wanted.area}.%`))
        .$if(wanted.act !== undefined, (q) => q.where('act', '=', wanted.act!))
        .$if(wanted.by !== undefined, (q) => q.where('account_id', '=', wanted.by!))
        // Asking for a person must not tell which of the withheld acts are theirs.
        .$if(secretly, (q) =>
          q.where((e) =>
            e.and([
              e('act', 'not like', 'vote.%'),
              e('act', 'not like', 'session.%'),
              e('act', 'not like', 'roi.%'),
              e('act', '!=', 'account.password-changed'),
            ]),
          ),
        )
        .$if(wanted.from !== undefined, (q) => q.where('at', '>=', wanted.from!))
        .$if(wanted.until !== undefined, (q) => q.where('at', '<', wanted.until!))
        .orderBy('sequence', 'desc')
      const rows: Row<'audit'>[] = []
      for (let until = Math.min(wanted.before ?? Infinity, head.sequence + 1); until > 1 && rows.length <= PAGE;) {
        const from = until - looked
        const piece = matching.where('sequence', '<', until).where('sequence', '>=', from)
        rows.push(...(await piece.limit(PAGE + 1 - rows.length).execute()))
        until = from
        if (until > 1 && rows.length <= PAGE) await nextTurn()
      }
      return { head, entries: await named(rows.slice(0, PAGE)), more: rows.length > PAGE }
    },

    /**
     * Recomputes the chain and holds it against the heads noted beside the database and, where a person gives one, against a
     * head from a report or an export. Error: `head-invalid`.
     */
    async verify(caller: Caller, printed?: string): Promise<ChainCheck> {
      await requireOpenTo(caller)
      return this.check(printed)
    },

    async check(printed?: string): Promise<ChainCheck> {
      const head = printed === undefined ? null : parseHead(printed)
      if (printed !== undefined && !head)
        throw new ConcordError(
          'head-invalid',
          'A printed head is a number, a colon and 64 digits or letters a to f, as it stands in a report.',
          'head',
        )
      await anchors.note()
      const check = await verifyChain(db, [...anchors.heads(), ...(head ? [head] : [])])
      return { ...check, broken: check.broken && (await named(check.broken)) }
    },

    /** All entries, in order, as CSV or as one JSON array; written in portions. */
    async export(caller: Caller, format: 'csv' | 'json', ask: AskWhere) {
      await requireOpenTo(caller)
      const path = await ask(`audit.${format}`)
      if (path === null) return { path, rows: null, audit: null }
      const { named } = await namer()
      let rows = 0
      async function* text(): AsyncGenerator<string> {
        if (format === 'json') yield '['
        for (let links = await next(0); links.length > 0; links = await next(links.at(-1)!.sequence)) {
          const entries = await named(links)
          yield format === 'csv' ? csvPart(entries, rows === 0) : jsonPart(entries, rows === 0)
          rows += entries.length
        }
        if (format === 'json') yield '\n]\n'
      }
      await writeOut(path, text(), 0o600)
      const audit = await db.transaction().execute(async (t) => {
        await record(t, {
          accountId: caller.accountId,
          act: 'exported.audit',
          subject: format,
          rowDigest: digestOf('audit', format, rows),
        })
        return headText(await headOf(t))
      })
      return { path, rows, audit }
    },
  }
}

function csvPart(entries: AuditEntry[], first: boolean): string {
  const text = csvText(
    [...columns],
    entries.map((e) => [
      ...[e.sequence, e.at, e.accountId, e.secret ? '(withheld)' : e.name],
      ...[e.act, e.subject, e.rowDigest, e.previous, e.digest, e.about],
    ]),
  )
  return first ? text : text.slice(text.indexOf('\n') + 1)
}

function jsonPart(entries: AuditEntry[], first: boolean): string {
  return entries.map((entry, index) => `${first && index === 0 ? '\n' : ',\n'}${JSON.stringify(entry)}`).join('')
}
