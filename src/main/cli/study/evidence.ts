import { ConcordError } from '../../domain/error.ts'
import { writeOut } from '../../files/write-out.ts'
import { about } from '../io.ts'
import { labelSetNamed, modelNamed } from '../named.ts'
import { oneOf, required } from '../options.ts'
import { requireRole } from '../program.ts'
import type { ChainCheck } from '../../../preload/contract/audit.ts'
import type { Call, Verb } from './call.ts'

/** What a study is defended with: tables, the report, the audit trail. */
export const evidenceVerbs: Record<string, Verb> = {
  export: {
    usage: 'STUDY folder|votes|agreement|labels|predictions --out PATH [--labels NAME] [--model ID] [--named]',
    roles: ['lead', 'trainer'],
    run: exportTable,
  },
  report: {
    usage: 'STUDY --out FILE.html [--language en|de]   (the window prints the same page as a PDF)',
    roles: ['lead'],
    run: async ({ program, caller, values, studyId }) => {
      const path = required(values.out, '--out')
      const language = oneOf(values.language, '--language', ['en', 'de'])
      const page = await program.services.exports.reportPage(caller, { studyId: await studyId(), language })
      await writeOut(path, page).catch(about(path))
      return { path }
    },
  },
  verify: {
    usage:
      '[--head NUMBER:DIGEST]   (recomputes the audit chain, holds votes and labels against it; exit 1 where it breaks)',
    roles: ['administrator', 'lead'],
    run: async ({ program, values, io }) => {
      const check = await program.services.audit.check(values.head)
      io.err(inWords(check))
      return check
    },
  },
  audit: {
    usage: '--out FILE.csv|FILE.json   (the audit trail itself)',
    roles: ['administrator', 'lead'],
    run: ({ program, caller, values }) => {
      const path = required(values.out, '--out')
      return program.services.audit.export(caller, path.endsWith('.json') ? 'json' : 'csv', () => Promise.resolve(path))
    },
  },
}

async function exportTable({ program, caller, values, rest: [, what], studyId }: Call) {
  const { exports } = program.services
  const id = await studyId()
  const ask = async (): Promise<string> => required(values.out, '--out')
  if (what === 'folder' || what === 'votes' || what === 'agreement') requireRole(caller, 'lead')
  const named = values.named ?? false
  if (what === 'folder') return exports.folderAt(caller, { studyId: id, named }, required(values.out, '--out'))
  if (what === 'votes') return exports.votes(caller, id, ask, named)
  if (what === 'agreement') return exports.agreement(caller, id, ask)
  if (what === 'labels')
    return exports.labels(caller, (await labelSetNamed(program, caller, id, values.labels)).id, ask)
  if (what === 'predictions')
    return exports.predictions(caller, (await modelNamed(program, caller, id, values.model)).id, ask)
  throw new ConcordError('bad-option', 'Say what to export: folder, votes, agreement, labels or predictions.')
}

/** What a check found, for an auditor who has never seen the program. */
function inWords({ entries, votes, anchors, broken, head }: ChainCheck): string {
  if (broken === null)
    return [
      `The audit trail holds: ${entries} entries, each chained to the one before it, and ${votes} votes, label sets and accounts are as they were recorded.`,
      `It was held against ${anchors} ${anchors === 1 ? 'line' : 'lines'} noted outside of the database. It ends with ${head.sequence}:${head.digest}`,
    ].join('\n')
  const where = broken.sequence === null ? 'has no entry for this' : `is broken at entry ${broken.sequence}`
  const said =
    broken.act === null ? '' : ` That entry says "${broken.act}", ${broken.at ?? 'at no time that can be read'}.`
  const what = broken.about ?? broken.subject
  return [
    `The audit trail ${where}: ${broken.why}${what === '' ? '' : ` (${what})`}.${said}`,
    'Nothing was changed by this check. Keep the database as it is, and restore the last backup whose trail holds: concord study backups.',
  ].join('\n')
}
