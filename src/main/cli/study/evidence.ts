import { writeFile } from 'node:fs/promises'
import { ConcordError } from '../../domain/error.ts'
import { labelSetNamed, modelNamed } from '../named.ts'
import { oneOf, required } from '../options.ts'
import { requireRole } from '../program.ts'
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
      await writeFile(
        path,
        await program.services.exports.reportPage(caller, {
          studyId: await studyId(),
          language: oneOf(values.language, '--language', ['en', 'de']),
        }),
      )
      return { path }
    },
  },
  verify: {
    usage:
      '[--head NUMBER:DIGEST]   (recomputes the audit chain, holds votes and labels against it; exit 1 where it breaks)',
    roles: ['administrator', 'lead'],
    run: ({ program, values }) => program.services.audit.check(values.head),
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
  throw new ConcordError('usage', 'Export folder, votes, agreement, labels or predictions.')
}
