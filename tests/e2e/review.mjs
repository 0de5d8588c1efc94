/* The way of a first engagement: from an empty vault to a written report, with a look at every screen on the way. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { PASSPHRASE, sha256 } from './programs.mjs';
import { KEY, until } from './webdriver.mjs';

export const RATES = { tolerable: '10', expected: '1', confidence: '90' };
export const SEED = '73914 08826 51170 44935';
export const NOTE = 'No reviewer is named before the refusal.';
export const FINDING = 'A refusal without a review';

/** The steps of the review; `place.seen` keeps what was read from the window. */
export function review(w, place) {
  const { seen } = place;
  const declined = place.lines.filter((line) => JSON.parse(line).outcome === 'declined');

  return [
    ['a vault is created', async () => {
      await w.look('01-door');
      await w.click('go-create-vault');
      await w.click('create-submit');
      await w.look('02-create-missing');
      await w.fill('create-path', place.vault);
      await w.fill('create-passphrase', PASSPHRASE);
      await w.fill('create-passphrase-again', PASSPHRASE);
      await w.fill('create-reviewer', 'Reviewer One');
      await w.fill('create-engagement', 'Credit assistant, third quarter');
      await w.fill('create-addressee', 'Audit committee');
      await w.click('create-submit');
      await w.see('overview-empty');
      await w.look('03-overview-empty');
    }],

    ['empty pages say what belongs there', async () => {
      for (const [tab, sign] of [['bundles', 'bundles-empty'], ['records', 'records-empty'], ['sampling', 'plans-empty'], ['findings', 'findings-empty'], ['keys', 'keys-empty']]) {
        await w.click(`tab-${tab}`);
        await w.see(sign);
        await w.look(`04-empty-${tab}`);
      }
    }],

    ['a key is pinned', async () => {
      await w.click('tab-keys');
      await w.click('key-pin');
      await w.fill('pin-text', place.key);
      await w.choose('pin-algorithm', 'ed25519');
      await w.click('pin-look');
      await w.see('pin-print');
      await w.look('05-compare');
      await w.fill('pin-owner', 'Example Bank, model gateway');
      await w.fill('pin-confirmed', 'fingerprint read aloud by telephone');
      await w.fill('pin-second', 'Reviewer Two');
      await w.look('05-pin');
      await w.click('pin-submit');
      await w.see('pin-done');
      await w.look('06-pinned');
      await w.click('pin-end');
      await w.see('key-table');
      await w.look('07-keys');
    }],

    ['the whole bundle is imported with its intake and is proven', async () => {
      await w.click('tab-bundles');
      await w.click('import-open');
      await w.click('import-browse-file');
      await until(async () => (await w.value('import-path')) === place.whole, 'the chosen path stands in the field');
      await w.fill('import-received-from', 'Compliance office');
      await w.fill('import-medium', 'sealed USB drive');
      await w.fill('import-request', 'Request 31');
      await w.fill('import-sender-digest', sha256(readFileSync(place.whole)));
      await w.look('08-import');
      await w.click('import-submit');
      await w.says('verdict-word', /^Proven$/, 60_000);
      for (const claim of ['integrity', 'authenticity', 'completeness']) assert.equal(await w.attribute(`claim-${claim}`, 'data-outcome'), 'proven', claim);
      assert.equal(await w.attribute('claim-time', 'data-outcome'), 'not_proven', 'nobody outside vouched for the time');
      const strip = await w.text('identity-strip');
      assert.match(strip, /1,200/);
      assert.match(strip, /Compliance office, sealed USB drive/);
      assert.match(await w.text('key-used'), /Example Bank, model gateway/);
      await w.look('09-verdict-proven');
      await w.click('all-checks');
      await w.look('10-verdict-all-checks');
    }],

    ['the edited bundle is refuted, and the edited records are named', async () => {
      await w.click('tab-bundles');
      await w.look('11-bundles-one');
      await w.click('import-open');
      await w.fill('import-path', place.edited);
      await w.click('import-submit');
      await w.says('verdict-word', /^Refuted$/, 60_000);
      const named = await w.session.run(() => [...document.querySelectorAll('[data-testid^="fault-record-"]')].map((at) => at.textContent));
      assert.deepEqual([...new Set(named)].sort(), ['417', '88']);
      await w.look('12-verdict-refuted');
      await w.click('fault-record-417');
      await w.see('record-panel');
      await w.see('fault-banner');
      await w.look('13-record-with-fault');
      await w.click('tab-bundles');
      await w.see('bundle-table');
      await w.look('14-bundles');
    }],

    ['records are found, and one is shown beside its bytes', async () => {
      const id = await w.session.run((n) => [...document.querySelectorAll('[data-testid^="bundle-open-"]')].find((at) => at.textContent === n).dataset.testid.slice('bundle-open-'.length), 'credit-gateway-2026-Q3.zip');
      seen.whole = id;
      await w.click(`bundle-open-${id}`);
      await w.says('verdict-word', /^Proven$/);
      await w.click('bundle-records');
      await w.see('record-table');
      await w.says('records-count', /^1,200 in this bundle/);
      await w.fill('query-field', 'colour:red');
      await w.says('reads-as', /no field/);
      await w.look('15-records-query-wrong');
      await w.fill('query-field', 'outcome:declined');
      await w.act('query-field', (field) => w.session.type(field, KEY.enter));
      await w.says('records-count', new RegExp(`^${declined.length} of 1,200 in this bundle`));
      await w.look('16-records');
      await w.click('row-0');
      await w.see('record-panel');
      await w.click('record-tab-bytes');
      await w.see('byte-view');
      const shown = await w.session.run(() => [...document.querySelectorAll('[data-testid="byte-view"] .text')].map((at) => at.textContent).join(''));
      assert.equal(shown, declined[0], 'the received bytes, as they are');
      await w.look('17-record-bytes');
      await w.click('record-tab-fields');
      assert.match(await w.text('field-list'), /\/outcome/);
      await w.click('record-tab-notes');
      await w.fill('note-text', 'Looked at beside its bytes.');
      await w.click('note-write');
      await until(async () => /Looked at beside its bytes/.test(await w.text('record-panel')), 'the note stands under the record');
      await w.look('18-record-notes');
    }],

    ['a plan is made over what was found, and frozen', async () => {
      await w.click('record-close');
      await w.click('records-population');
      await w.see('plan-wizard');
      await w.fill('plan-attribute', 'A person reviewed the case before it was declined');
      await w.fill('plan-deviation', 'No reviewer is recorded, or the review is later than the decision.');
      await w.fill('plan-criterion', 'Review policy 3.2');
      await w.look('19-plan-attribute');
      await w.click('plan-step-1');
      await w.says('plan-population', new RegExp(`^${declined.length} `));
      await w.look('20-plan-population');
      await w.click('plan-next');
      await w.click('plan-next');
      for (const [name, rate] of Object.entries(RATES)) await w.fill(`plan-${name}`, rate);
      await w.see('oc-curve');
      await w.says('plan-sample-size', /^\d+$/);
      seen.units = await steady(() => w.text('plan-sample-size'));
      seen.acceptable = Number(await w.text('plan-acceptable'));
      await w.look('21-plan-size');
      await w.click('plan-next');
      await w.look('22-plan-freeze');
      await w.click('plan-freeze');
      await w.see('draw-page');
      seen.population = declined.length;
    }],

    ['a seed is entered only then, and the sample is drawn', async () => {
      await w.fill('draw-seed', SEED);
      await w.fill('draw-seed-source', '20 rolls of a ten-sided die, two people');
      await w.look('23-draw');
      await w.click('draw-submit');
      await w.see('test-queue');
      await w.says('tested-count', new RegExp(`^0 of ${seen.units}`));
    }],

    ['a deviation is recorded, and only with a note', async () => {
      await w.key('2');
      await until(async () => (await w.attribute('result-2', 'aria-checked')) === 'true', 'the key 2 chooses a deviation');
      await w.click('unit-record');
      assert.equal(await w.text('deviation-count'), '0 deviations');
      await w.look('24-queue-note-missing');
      await w.fill('unit-note', NOTE);
      await w.click('unit-record');
      await w.says('deviation-count', /^1 deviation$/);
      await current(w, 2);
      await w.look('25-queue');
    }],

    ['the other units are tested by keys', async () => {
      for (let unit = 2; unit <= seen.units; unit += 1) {
        await current(w, unit);
        await w.key('1');
        await w.session.press(KEY.enter);
        await w.says('tested-count', new RegExp(`^${unit} of ${seen.units}`));
      }
      seen.limit = (await w.text('upper-limit')).trim();
      assert.match(seen.limit, /^\d+\.\d\s%$/);
      assert.match(await w.text('conclusion'), seen.acceptable >= 1 ? /supports/i : /not support/i);
      await w.look('26-queue-done');
    }],

    ['a finding is written from the deviation', async () => {
      if (!(await w.has('unit-1'))) await w.click('queue-all');
      await w.click('unit-1');
      await w.see('unit-recorded');
      await w.key('f');
      await w.see('finding-editor');
      assert.equal(await w.value('finding-condition'), NOTE, 'the note becomes the condition');
      await w.fill('finding-title', FINDING);
      await w.choose('finding-severity', 'high');
      await w.choose('finding-status', 'open');
      await w.fill('finding-effect', 'A person may be refused by a machine alone.');
      await w.click('finding-pick-criterion');
      await w.see('criterion-picker');
      await w.look('27-criterion');
      const first = await w.session.run(() => document.querySelector('[data-testid^="pick-"]').dataset.testid);
      await w.click(first);
      await w.look('28-finding-editor');
      await w.click('finding-save');
      await w.see('finding-card');
      assert.match(await w.text('finding-card'), new RegExp(FINDING));
      await w.look('29-findings');
    }],

    ['the report is written', async () => {
      await w.click('tab-reports');
      await w.see('report-gaps');
      await w.look('30-reports');
      await w.fill('report-path', place.report);
      await w.fill('report-limitations', 'The bank and its records are invented.');
      await w.fill('report-conclusion', 'The control worked in the cases tested, with one exception.');
      await w.click('report-write');
      await w.see('report-written', 60_000);
      seen.digest = /(?:[0-9a-f]{4} ){15}[0-9a-f]{4}/.exec(await w.text('report-written'))[0].replaceAll(' ', '');
      await w.look('31-report-written');
    }],

    ['the report is performed again in the window', async () => {
      await w.fill('check-path', place.report);
      await w.fill('check-bundles', `${place.whole}\n${place.edited}`);
      await w.fill('check-trust', place.trust);
      await w.click('check-submit');
      await w.see('check-result', 60_000);
      assert.notEqual(await w.attribute('check-result', 'data-outcome'), 'differs', await w.text('check-sheet'));
      await w.session.run(() => document.querySelector('[data-testid="check-result"]').scrollIntoView());
      await w.look('32-report-check');
    }],

    ['the other screens', async () => {
      for (const [tab, sign] of [['overview', 'overview-next-steps'], ['controls', 'criteria-table'], ['activity', 'activity-table'], ['sampling', 'plan-table'], ['keys', 'key-table']]) {
        await w.click(`tab-${tab}`);
        await w.see(sign);
        await w.look(`33-${tab}`);
      }
      await w.key(KEY.control, 'k');
      await w.see('palette');
      await w.fill('palette-field', '417');
      await w.look('34-palette');
      await w.session.press(KEY.escape);
      await w.gone('palette');
      await w.key('?');
      await w.see('shortcuts');
      await w.look('35-shortcuts');
      await w.session.press(KEY.escape);
      await w.gone('shortcuts');
      await w.click('open-settings');
      await w.choose('settings-theme', 'dark');
      assert.equal(await w.session.run(() => document.documentElement.dataset.theme), 'dark');
      await w.choose('settings-theme', 'light');
      await w.look('36-settings');
      await w.session.press(KEY.escape);
      await w.gone('settings');
      await w.click('engagement-menu');
      await w.click('engagement-new');
      await w.look('37-engagement');
      await w.session.press(KEY.escape);
      await w.gone('engagements');
    }],

    ['the page is larger with Ctrl and plus, and fits', async () => {
      const before = await w.session.run(() => innerWidth);
      await w.key(KEY.control, '+');
      await until(async () => (await w.session.run(() => innerWidth)) < before, 'the page is larger');
      await w.key(KEY.control, '0');
      await until(async () => (await w.session.run(() => innerWidth)) === before, 'the page has its size again');
    }],

    ['a locked window shows nothing of the vault', async () => {
      await w.key(KEY.control, 'l');
      await w.see('unlock-form');
      await w.look('38-locked');
      const left = await w.session.run(() => document.body.textContent);
      for (const secret of ['Credit assistant', 'credit-gateway', 'Example Bank', FINDING, 'declined']) assert.ok(!left.includes(secret), `the locked window shows ${secret}`);
      assert.equal(await w.session.run(() => document.title), 'Tickmark, locked');
    }],

    ['nothing was refused or broken on the way', async () => { assert.deepEqual(await w.told(), []); }],
  ];
}

const current = (w, unit) => until(async () => (await w.attribute(`unit-${unit}`, 'aria-current')) === 'true', `unit ${unit} is at hand`);

/** A figure that is computed while one types: the value that stays. */
async function steady(read) {
  let last = '';
  let since = 0;
  await until(async () => {
    const now = await read();
    if (now !== last) { last = now; since = Date.now(); }
    return Date.now() - since > 800;
  }, 'the figure stays');
  return Number(last);
}
