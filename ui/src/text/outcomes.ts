import type { CheckOutcome, ClaimOutcome, FigureOutcome, FindingStatus, ReportOutcome, Severity, UnitResult } from '../ipc/generated/contract';

export type Outcome = ClaimOutcome | 'not_checked';

/** Verdicts and claims, the same four everywhere. */
export const outcomeWord: Record<Outcome, string> = {
  proven: 'Proven', refuted: 'Refuted', not_proven: 'Not proven', not_checked: 'Not checked',
};
export const checkWord: Record<CheckOutcome, string> = {
  pass: 'pass', fail: 'fail', not_checked: 'not checked', not_applicable: 'not applicable',
};
export const unitWord: Record<UnitResult, string> = {
  pass: 'pass', deviation: 'deviation', not_applicable: 'not applicable', could_not_test: 'could not test',
};
export const severityWord: Record<Severity, string> = { high: 'High', medium: 'Medium', low: 'Low', info: 'For information' };
export const statusWord: Record<FindingStatus, string> = {
  draft: 'Draft', open: 'Open', answered: 'Answered', closed: 'Closed', withdrawn: 'Withdrawn',
};
export const figureWord: Record<FigureOutcome, string> = {
  agrees: 'agrees', differs: 'differs', not_checked: 'not checked', entered: 'entered by a person',
};
export const reportWord: Record<ReportOutcome, string> = { agrees: 'Agrees', differs: 'Differs', incomplete: 'Not fully checked' };
