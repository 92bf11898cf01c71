import type { AgreementReport } from '../../domain/agreement/report.ts'
import { annex, checklist, discussion, labels, networks } from './closing.ts'
import type { Page, ReportContent } from './content.ts'
import { calendarDay } from './format.ts'
import { escape, paragraph, style } from './html.ts'
import { device, process, statistics, subjects, summary } from './method.ts'
import { results } from './results.ts'
import { wordsFor } from './condition-words.ts'
import { wordsOf } from './words.ts'

export type { ReportContent } from './content.ts'

/**
 * The report as one page of HTML for the printer, in the order of the GRRAS checklist (Kottner et al. 2011, J Clin
 * Epidemiol 64:96-106), which it ends with. Pseudonyms and letters only: no patient, no reader's name, no free text of votes.
 */
export function reportHtml(content: ReportContent): string {
  const { study, agreement } = content.overview
  const words = wordsFor(wordsOf(content.language), content.language, study.scale)
  let number = 0
  const tables = content.language === 'de' ? 'Tabelle' : 'Table'
  const page: Page = {
    content,
    words,
    // The contract leaves deeper parts open; what the statistics thread sent is the whole report.
    agreement: agreement as unknown as AgreementReport,
    caption: (text) => `${tables} ${++number}. ${text}`,
  }
  const title = words.title(study.title)
  const day = calendarDay(content.printedAt.toISOString(), content.language)
  const sections = [
    summary,
    device,
    subjects,
    process,
    statistics,
    results,
    labels,
    discussion,
    networks,
    checklist,
    annex,
  ]
  return `<!doctype html><html lang="${content.language}"><head><meta charset="utf-8"><title>${escape(title)}</title>
<style>${style}</style></head><body>
<header><h1>${escape(title)}</h1>${paragraph(words.kind, 'soft')}
<p class="soft note">${escape(words.states[study.state])} · ${escape(words.printed(day, content.version, content.audit))}</p></header>
${sections.map((section) => section(page)).join('\n')}
</body></html>`
}
