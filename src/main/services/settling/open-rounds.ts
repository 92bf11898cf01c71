import { sql, type SqlBool } from 'kysely'

/**
 * Of a query over `assignment`: it is of a round that can be read. Where a sealed reading was opened again for more scans
 * (send-back.ts), what was not voted on before the seal stays so, and no earlier vote can be taken back. Where the study came
 * with packets, the latest of them says from which round on.
 */
export const isOfOpenRounds = sql<SqlBool>`(assignment.round >= coalesce((
  select max(again.first_round) from reading_again as again where again.study_id = assignment.study_id), 0)
  and assignment.round >= coalesce((select max(opened.first_round) from packet as opened
  where opened.study_id = assignment.study_id and opened.act = 'opened'), 0))`
