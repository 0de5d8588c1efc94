import { count, counted } from '../lib/format';

export const reportsText = {
  title: 'Reports',
  preview: 'What the report would say', gaps: 'Still missing', gapsNone: 'Nothing is missing.', chapters: 'Chapters', lead: 'Its summary',
  gapsHint: 'A report can be written with gaps; each of them is printed in it.',
  write: 'Write the report', path: 'PDF file to write', pathHint: 'report.json and the lists go beside it', browse: 'Browse…',
  titleField: 'Title', titleHint: (t: string) => `Empty means: ${t}`, limitations: 'Further limitations, in your words', conclusion: 'Your own conclusion',
  conclusionHint: 'Printed as entered by you; nothing recomputes it', submit: 'Write report', needsPath: 'Enter a path that ends in .pdf.',
  task: 'Writing the report', phases: { writing: 'Setting and writing the pages', judging: 'Reading verdicts', receiving: 'Reading', indexing: 'Reading' } as Record<string, string>, starting: 'Starting',
  written: 'Report written.', writtenAt: (pages: number) => counted(pages, 'page'), digest: 'Report digest', pdf: 'PDF', json: 'Data', custody: (n: number) => `custody event ${count(n)}`,
  list: 'Reports written', listNone: 'No report was written yet. It states verdicts, sampling and findings with every gap.', columns: { title: 'Report', digest: 'Digest of report.json', pages: 'Pages', written: 'Written', path: 'Where' },
  check: 'Check a report', checkLead: 'Tickmark performs its figures again, from the bundles where you have them. Judgements a person entered are listed, not recomputed.',
  checkPath: 'Report (PDF or report.json)', bundles: 'Bundles it was made from', bundlesHint: 'One path a line', trust: 'Trust files or folders', trustHint: 'One path a line; the pinned keys of this vault are not used',
  checkSubmit: 'Perform it again', checkNeeds: 'Enter the path of a report.', checkTask: 'Performing the report again',
  figures: { figure: 'Figure', printed: 'Printed', found: 'Performed again', outcome: 'Outcome' },
  tally: (agrees: number, differs: number, open: number, entered: number) => [`${agrees} agree`, differs ? `${differs} differ` : '', open ? `${open} not checked` : '', entered ? `${entered} entered by a person` : ''].filter(Boolean).join(', '),
  toCheck: 'Check a report', toWrite: 'Write the report', suggestion: 'report.pdf',
};
