import { refuseBlinded, studyOf, type Caller } from '../context.ts'
import { designOf } from '../design-of.ts'
import { ownStudy } from '../reading/desk.ts'
import { isOfOpenRounds } from '../settling/open-rounds.ts'
import { ownPlaces } from '../votes/own-places.ts'
import { mayName, type PacketBase } from './acts.ts'
import { fingerprint } from './format.ts'

/** What was made, merged and taken along. */
export function createPacketList({ db }: PacketBase) {
  return {
    /**
     * For whoever makes and merges packets of a study. Whose votes came is said only where a name may stand beside a count
     * (`mayName`). Errors: `study-unknown`, `blinded`.
     */
    async overview(caller: Caller, studyId: string) {
      const study = await studyOf(db, studyId)
      await refuseBlinded(db, caller, study)
      const named = mayName(caller, study)
      const readers = await db
        .selectFrom('study_reader')
        .innerJoin('account', 'account.id', 'study_reader.account_id')
        .select(['account.id as id', 'account.display_name as displayName', 'account.must_change as mustChange'])
        .select((eb) =>
          eb
            .exists(eb.selectFrom('account_key').select('id').whereRef('account_key.account_id', '=', 'account.id'))
            .as('keys'),
        )
        .where('study_reader.study_id', '=', study.id)
        .where('account.state', '=', 'active')
        .orderBy('account.display_name')
        .execute()
      const rows = await db
        .selectFrom('packet')
        .innerJoin('account as reader', 'reader.id', 'packet.account_id')
        .leftJoin('account as doer', 'doer.id', 'packet.done_by')
        .select(['packet.digest', 'packet.act', 'packet.at', 'packet.votes', 'packet.made_at', 'packet.signing_key'])
        .select(['reader.display_name as reader', 'doer.display_name as by'])
        .where('packet.study_id', '=', study.id)
        .orderBy('packet.at', 'desc')
        .execute()
      return {
        open: study.state === 'open',
        /** The study itself came here with a packet: it is read here, and its lead is elsewhere. */
        away: rows.some(({ act }) => act === 'opened'),
        paired: designOf(study).pairedModelId !== null,
        named,
        readers: readers.map(({ id, displayName, mustChange, keys }) => ({
          ...{ id, displayName },
          /** Whether they have signed in here with a password of their own: without it they have no key to sign votes with. */
          ready: mustChange === 0 && Boolean(keys),
        })),
        packets: rows.flatMap(({ act, reader, made_at, signing_key, ...row }) =>
          act === 'made' || act === 'merged'
            ? [
                {
                  ...{ ...row, act, made: made_at, signer: fingerprint(signing_key) },
                  reader: act === 'made' || named ? reader : null,
                },
              ]
            : [],
        ),
      }
    },

    /** For a reader: whether this study came here with a packet, and which of the own votes were taken along. Nothing of others. */
    async own(caller: Caller, studyId: string) {
      const study = await ownStudy(db, caller, studyId)
      const rows = await db
        .selectFrom('packet')
        .select(['act', 'at', 'votes'])
        .where('study_id', '=', study.id)
        .where('account_id', '=', caller.accountId)
        .orderBy('at')
        .execute()
      const last = rows.findLast(({ act }) => act === 'taken') ?? null
      let since = 0
      for await (const ids of ownPlaces(db, { studyId: study.id, accountId: caller.accountId, voted: false })) {
        const { n } = await db
          .selectFrom('vote')
          .innerJoin('assignment', 'assignment.id', 'vote.assignment_id')
          .select(({ fn }) => fn.countAll<number>().as('n'))
          .where('assignment.id', 'in', ids)
          .where(isOfOpenRounds)
          .$if(last !== null, (query) => query.where('vote.cast_at', '>', last!.at))
          .executeTakeFirstOrThrow()
        since += Number(n)
      }
      return {
        away: rows.some(({ act }) => act === 'opened'),
        last: last && { at: last.at, votes: last.votes ?? 0 },
        /** Votes, and votes taken back, since then. */
        since,
      }
    },
  }
}
