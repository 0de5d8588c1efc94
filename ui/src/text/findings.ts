import { count, counted } from '../lib/format';

export const findingsText = {
  title: 'Findings', write: 'Write finding',
  empty: 'No findings yet. A finding says what is prescribed, what was found instead, and what should be done.',
  emptyExample: 'Start one from a fault, a record or a tested unit: its evidence is filled in.',
  pick: 'Choose a finding on the left, or write one.',
  summary: (open: number, all: number) => `${count(open)} open of ${counted(all, 'finding')}`,
  number: (n: number) => `Finding ${count(n)}`,
  newTitle: 'New finding',
  version: (n: number) => `version ${count(n)}`,
  fields: {
    title: 'Title', criterion: 'What is prescribed, and where', condition: 'What was found', cause: 'Why, where known', effect: 'What follows, where known',
    recommendation: 'What should be done', severity: 'Severity', status: 'Status',
  },
  pickCriterion: 'Choose a criterion…', criterionSearch: 'Search criteria', criterionNone: 'No criterion holds these words.',
  shows: 'Records can show:', cannot: 'They cannot show:',
  evidence: 'What it rests on', evidenceNone: 'No evidence yet. Open a record, bundle or unit and choose “Write finding”, or add a record by its number.',
  evidenceMore: (n: number) => `${count(n)} in all`,
  kinds: { record: 'record', bundle: 'bundle', check: 'check', unit: 'unit' } as Record<string, string>,
  remove: (what: string) => `Take ${what} away`,
  addBundle: 'Bundle', addRecord: 'Record number', add: 'Add record', addWrong: 'Enter a record number of this bundle.',
  save: 'Write finding', saveNext: 'Write new version', discard: 'Discard the draft', edit: 'Write new version', cancel: 'Cancel',
  saved: (n: number, v: number) => `Finding ${n}, version ${v} written.`,
  needs: 'A finding needs a title and what was found.',
  versions: 'Versions', versionsNone: 'This is the first version.',
  by: (who: string, when: string) => `${who}, ${when}`,
  empty2: 'not stated', draft: 'Draft, not written yet',
  versionsHint: 'Versions are never overwritten: a new one supersedes, the old ones stay on file.',
};

export const criteriaText = {
  title: 'Controls',
  lead: 'What the frameworks ask, and what records can and cannot show of it.',
  search: 'Search', columns: { clause: 'Criterion', duty: 'What it asks', shows: 'What records can show', cannot: 'What they cannot show' },
  finding: 'Write finding', none: 'No criterion holds these words.', empty: 'This build carries no criteria.',
  summary: (n: number, frameworks: number) => `${counted(n, 'criterion', 'criteria')} of ${counted(frameworks, 'framework')}`,
};
