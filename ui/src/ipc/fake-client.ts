import { Fake } from './fake';

/** The answerer of the mock build; its options come from the page's address. */
const asked = new URLSearchParams(location.search);
const fake = new Fake({
  open: asked.has('open'), empty: asked.has('empty'), readOnly: asked.has('read-only'),
  rows: asked.has('rows') ? Number(asked.get('rows')) : undefined, pace: asked.has('pace') ? Number(asked.get('pace')) : undefined,
});
Object.assign(window, { tickmarkCalls: fake.calls });

export const client = fake;
