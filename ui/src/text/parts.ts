import { count } from '../lib/format';

/** Words of the components that every screen uses. */
export const parts = {
  close: 'Close',
  copy: 'Copy',
  copied: 'Copied',
  copyDigest: 'Copy the whole digest',
  optional: 'optional',
  browse: 'Browse…',
  showAll: 'Show all',
  showLess: 'Show less',
  cancel: 'Cancel',
  detail: 'Detail',
  copyDetail: 'Copy detail',
  empty: 'empty',
  none: 'none',
  first: (shown: number, of: number) => `First ${count(shown)} of ${count(of)} characters shown.`,
  more: (n: number) => `Show ${count(n)} more`,
  hidden: (code: string) => `Character ${code}, which does not show`,
  left: (time: string) => `${time} left`,
  aSecond: (rate: string) => `${rate} a second`,
  noFaultsYet: 'No fault so far.',
  faultsSoFar: 'First faults',
  of: 'of',
};
