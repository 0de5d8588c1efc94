import type { Tab } from '../desk/place.svelte';
import type { LockReason } from '../desk/session.svelte';

/** The frame around every screen. */
export const frame = {
  name: 'Tickmark',
  titleLocked: 'Tickmark, locked',
  title: (engagement: string) => `Tickmark, ${engagement}`,
  tabs: {
    overview: 'Overview', bundles: 'Bundles', records: 'Records', sampling: 'Sampling', findings: 'Findings',
    controls: 'Controls', reports: 'Reports', keys: 'Keys', activity: 'Activity',
  } satisfies Record<Tab, string>,
  index: 'Index of the file',
  search: 'Search',
  settings: 'Settings',
  lock: 'Lock',
  noEngagement: 'No engagement',
  engagement: 'Engagement',
  newEngagement: 'New engagement…',
  loading: 'Loading',
  skip: 'To the page',
  again: 'Ask again',
  status: {
    open: (name: string, readOnly: boolean) => `${name}.vault, open, ${readOnly ? 'read only' : 'read and write'}`,
    idle: (minutes: number) => `Locks after ${minutes} min idle`,
    signedIn: (name: string) => `Signed in as ${name}`,
    noNetwork: 'No network',
    custody: (seq: string) => `Custody event ${seq}`,
    clock: (time: string) => `Machine clock ${time}`,
    region: 'Status',
  },
  readOnly: 'Read only.',
  readOnlyWhy: 'Nothing can be added here until it is open for writing.',
  lockReason: {
    asked: '', idle: 'Locked after no key or pointer moved for the time you set.', core: 'The vault was locked.', start: '',
  } satisfies Record<LockReason, string>,
  broken: 'This page stopped. The vault is as it was.',
  brokenAgain: 'Show the page again',
};

export const palette = {
  title: 'Go to anything, run anything',
  field: 'Go to or run',
  placeholder: 'A screen, a bundle, a plan, a finding, a record number, or a query',
  none: 'Nothing here has that name. Enter asks the records for these words.',
  goTo: (name: string) => `Go to ${name}`,
  record: (n: string) => `Record ${n}`,
  query: (q: string) => `Ask the records: ${q}`,
  lock: 'Lock the vault',
  theme: 'Switch between light and dark',
  importing: 'Import a bundle',
  plan: 'New sampling plan',
  finding: 'Write a finding',
  pin: 'Pin a key',
  report: 'Write the report',
  kinds: { screen: 'screen', bundle: 'bundle', plan: 'plan', finding: 'finding', record: 'record', act: 'act', query: 'query' },
};

export const shortcuts = {
  title: 'Keys',
  everywhere: 'Everywhere',
  here: 'On this screen',
  none: 'This screen has no keys of its own.',
  off: 'Single letters are turned off in the settings.',
  list: [
    ['Ctrl K', 'go to anything, run anything'], ['Alt 1 – 9', 'the index tabs'], ['Alt ←', 'back to the page before'], ['F6', 'next pane'],
    ['Esc', 'out of a field, panel or dialog'], ['Ctrl L', 'lock'], ['?', 'this list'],
  ] as [string, string][],
};

export const settingsText = {
  title: 'Settings',
  theme: 'Appearance',
  themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
  letters: 'Single letters act as keys (J, K, N, F …)',
  lettersHint: 'Turn this off when a reading aid or voice control types letters.',
  lock: 'Lock after',
  minutes: (n: number) => `${n} minutes without a key or pointer`,
  kept: 'These settings are kept on this machine, outside every vault.',
  version: (v: string) => `Tickmark ${v}`,
};

export const engagementText = {
  title: 'New engagement',
  hint: 'An engagement is one audit assignment. Its scope, plans, findings and reports stay apart from every other one in this vault.',
  name: 'Title',
  addressee: 'For whom the report is',
  scope: 'What is examined',
  from: 'First day',
  to: 'Last day',
  dayHint: 'As 2026-07-01',
  classification: 'Classification',
  classificationHint: 'Printed on every page, for example restricted',
  create: 'Create engagement',
  needsName: 'An engagement needs a title.',
  wrongDay: 'Write the day as 2026-07-01.',
};
