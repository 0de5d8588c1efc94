/*
 * Walks every screen of the mock build in a headless browser, in light and dark, under the policy of the real window.
 * Fails on: an axe violation, a refused resource or inline style, a console error, a page that stopped, hostile text
 * that is anything but text, a command that hostile text caused.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { serve } from './serve.mjs';

const BROWSER = process.env.TICKMARK_CHROMIUM ?? '/usr/bin/chromium';
if (!existsSync(BROWSER)) {
  console.log(`skipped: no browser at ${BROWSER} (set TICKMARK_CHROMIUM)`);
  process.exit(0);
}
const folder = fileURLToPath(new URL('../../dist-mock', import.meta.url));
const axe = readFileSync(fileURLToPath(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url)), 'utf8');
const shots = process.env.TICKMARK_SHOTS ?? mkdtempSync(join(tmpdir(), 'tickmark-window-'));
const server = await serve(folder);
const browser = await chromium.launch({ executablePath: BROWSER, args: ['--no-sandbox'] });
const faults = [];
let checks = 0;

async function openPage(address, { theme, width = 1280, height = 800 }) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.on('console', (m) => { if (m.type() === 'error' || m.type() === 'warning') faults.push(`${theme}: console ${m.type()}: ${m.text()}`); });
  page.on('pageerror', (e) => faults.push(`${theme}: page error: ${e.message}`));
  page.on('request', (r) => { if (!r.url().startsWith(server.origin) && !r.url().startsWith('data:') && !r.url().startsWith('blob:')) faults.push(`${theme}: request to ${r.url()}`); });
  await page.addInitScript(() => {
    // the real window freezes it too
    Object.freeze(Object.prototype);
    window.refused = [];
    document.addEventListener('securitypolicyviolation', (e) => window.refused.push(`${e.violatedDirective} ${e.blockedURI} ${e.sample}`));
  });
  await page.goto(`${server.origin}/${address}`);
  const at = (id) => page.getByTestId(id);
  return { context, page, at };
}

async function look(page, theme, name) {
  await page.waitForTimeout(200);
  await page.screenshot({ path: join(shots, `${name}-${theme}.png`) });
  // the checker is put in beside the policy, as a debugger would: the page's own scripts stay bound by it
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const result = await window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], rules: { region: { enabled: false } } });
    return result.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 4).map((n) => `${n.target.join(' ')} ${n.any[0]?.message ?? n.all[0]?.message ?? ''}`).join(' | ')}`);
  });
  for (const one of found) faults.push(`${theme} ${name}: axe ${one}`);
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  if (sideways) faults.push(`${theme} ${name}: the page is wider than the window`);
  const longer = await page.evaluate(() => document.documentElement.scrollHeight > innerHeight);
  if (longer) faults.push(`${theme} ${name}: the page is longer than the window, which does not scroll as a whole`);
  checks += 1;
}

async function walk(theme, width) {
  const tag = width === 1280 ? theme : `${theme}-${width}`;
  const { context, page, at } = await openPage('?pace=20', { theme, width });
  await at('door').waitFor();
  await look(page, tag, '01-door');
  await at('go-create-vault').click();
  await look(page, tag, '02-create');
  await at('create-submit').click();
  await look(page, tag, '03-create-wrong');
  await at('create-back').click();
  await at('recent-0').click();
  await at('vault-passphrase').fill('wrong one');
  await at('vault-unlock').click();
  await at('error-note').waitFor();
  await look(page, tag, '04-wrong-secret');
  await at('open-demo').click();
  await at('overview').waitFor();
  await at('overview-next-steps').waitFor();
  await look(page, tag, '05-overview');
  for (const [tab, sign] of [['bundles', 'bundle-table'], ['sampling', 'plan-table'], ['controls', 'criteria-table'], ['keys', 'key-table'], ['activity', 'activity-table']]) {
    await at(`tab-${tab}`).click();
    await at(sign).waitFor();
    await look(page, tag, `06-${tab}`);
  }
  await at('tab-reports').click();
  await at('report-gaps').waitFor();
  await look(page, tag, '07-reports');
  await at('check-path').fill('/media/usb/report-differs.pdf');
  await at('check-submit').click();
  await at('check-result').waitFor();
  assert.equal(await at('check-result').getAttribute('data-outcome'), 'differs');
  await at('check-sheet').scrollIntoViewIfNeeded();
  await look(page, tag, '08-report-check');

  await at('tab-bundles').click();
  for (const [id, word] of [['b-refuted', 'Refuted'], ['b-proven', 'Proven'], ['b-not-proven', 'Not proven']]) {
    await at('tab-bundles').click();
    await at(`bundle-open-${id}`).click();
    await at('verdict-word').waitFor();
    assert.equal(await at('verdict-word').textContent(), word);
    await look(page, tag, `09-verdict-${id}`);
    await at('heads').scrollIntoViewIfNeeded();
    assert.equal(await at('heads-entry').first().getAttribute('data-relation'), { 'b-refuted': 'forks', 'b-proven': 'extends', 'b-not-proven': 'unknown' }[id], 'what contradicts comes first');
    await look(page, tag, `09-heads-${id}`);
  }
  await at('all-checks').click();
  await look(page, tag, '10-verdict-open');
  await at('verify-again').click();
  await at('verify-task').waitFor();
  await at('verify-task').waitFor({ state: 'detached' });
  assert.equal(await at('strip-period').textContent(), 'no review period stated');
  await at('strip-period').click();
  await at('period-from').fill('2026-07-01');
  await at('period-to').fill('September');
  await at('period-submit').click();
  await look(page, tag, '10-period');
  await at('period-to').fill('2026-09-30');
  await at('period-submit').click();
  await at('verify-task').waitFor();
  await at('verify-task').waitFor({ state: 'detached' });
  assert.equal(await at('strip-period').textContent(), 'review period 1 Jul 2026 to 30 Sep 2026');

  await at('tab-bundles').click();
  await at('bundle-open-b-refuted').click();
  await at('fault-record-88417').click();
  await at('record-panel').waitFor();
  await at('fault-banner').first().waitFor();
  await look(page, tag, '11-record-fault');
  for (const tab of ['bytes', 'notes', 'findings']) {
    await at(`record-tab-${tab}`).click();
    await look(page, tag, `12-record-${tab}`);
  }
  if (width >= 1120) {
    await at('query-field').fill('event:decision outcome:declined after:2026-08-01 before:2026-09-01 -actor:svc-batch');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.querySelector('[data-testid="reads-as"]')?.textContent?.includes('1 Sep 2026'));
    await at('row-4').click();
    await look(page, tag, '13-records-query');
    await at('query-field').fill('actor:"open nonsense:');
    await page.waitForTimeout(500);
    await at('query-field').fill('colour:red');
    await page.waitForTimeout(500);
    assert.match(await at('reads-as').textContent(), /no field/);
    await look(page, tag, '14-records-wrong');
  }

  await at('tab-sampling').click();
  await at('plan-open-p-1').click();
  await at('test-queue').waitFor();
  await page.waitForTimeout(200);
  await page.keyboard.press('2');
  assert.equal(await at('result-2').getAttribute('aria-checked'), 'true');
  await look(page, tag, '15-queue');
  await at('tab-sampling').click();
  await at('plan-new').click();
  await at('plan-bundle').selectOption('b-refuted');
  await at('plan-query').fill('outcome:declined');
  await page.waitForFunction(() => document.querySelector('[data-testid="plan-population"]')?.textContent?.startsWith('9,2'));
  await look(page, tag, '16-plan-population');
  await at('plan-next').click();
  await at('plan-attribute').fill('Review before decline');
  await at('plan-deviation').fill('No reviewer is recorded.');
  await look(page, tag, '17-plan-attribute');
  await at('plan-next').click();
  await at('oc-curve').waitFor();
  assert.equal(await at('plan-sample-size').textContent(), '93');
  await look(page, tag, '18-plan-size');
  await at('plan-next').click();
  await look(page, tag, '19-plan-freeze');
  await at('plan-freeze').click();
  await at('draw-page').waitFor();
  await look(page, tag, '20-draw');

  await at('tab-findings').click();
  await at('finding-card').waitFor();
  await look(page, tag, '21-findings');
  await at('finding-new').click();
  await at('finding-editor').waitFor();
  await at('finding-pick-criterion').click();
  await look(page, tag, '22-criterion');
  await at('pick-eu-ai-act-26-2').click();
  await look(page, tag, '23-finding-new');

  await at('tab-bundles').click();
  await at('import-open').click();
  await at('import-source').fill('chat  SUPPORT');
  await page.waitForFunction(() => document.querySelector('[data-testid="import"]')?.textContent?.includes('Judged under the profile example-gateway'));
  await at('import-period-from').fill('1 July');
  await look(page, tag, '24-import-period');
  await at('import-period-from').fill('');
  await at('import-more').click();
  await look(page, tag, '24-import');
  await page.keyboard.press('Escape');
  await at('tab-keys').click();
  await at('source-expect-Chat support').click();
  await at('expect-profile').fill('Nonsense profile');
  await at('expect-submit').click();
  assert.match(await at('expect').textContent(), /Say why another profile is expected now/, 'a profile is not superseded without a reason');
  await at('expect-reason').fill('The operator changed the format on 1 Nov 2026.');
  await at('expect-submit').click();
  await at('expect').getByTestId('error-note').waitFor();
  await look(page, tag, '24-expect');
  await at('expect-profile').fill('example-gateway-signed');
  await at('expect-submit').click();
  await at('expect').waitFor({ state: 'detached' });
  assert.match(await at('source-table').textContent(), /example-gateway-signed 1/);
  await look(page, tag, '24-sources');
  await at('key-pin').click();
  await look(page, tag, '25-pin');
  await at('pin-text').fill('short');
  await at('pin-look').click();
  await at('pin').getByTestId('error-note').waitFor();
  await at('pin-text').fill('MCowBQYDK2VwAyEA0123456789abcdefghijklmnopqrstuvwxyz');
  await page.keyboard.press('Tab');
  await at('pin-look').click();
  await at('pin-print').waitFor();
  assert.equal((await at('pin-print').locator('td').allTextContents()).join('').length, 64, 'the whole fingerprint is shown before anything is pinned');
  await at('pin-print-qr').waitFor();
  await at('pin-submit').click();
  await look(page, tag, '25-pin-compare');
  await at('pin-owner').fill('Example Bank, model gateway from 2028');
  await at('pin-confirmed').fill('Fingerprint read aloud by telephone, 20 Nov 2026');
  await at('pin-second').fill('Second reviewer');
  await at('pin-replaces').selectOption('k-1');
  await at('pin-submit').click();
  assert.match(await at('pin').textContent(), /needs the day from which it signs/, 'a rotation has a moment');
  await at('pin-from').fill('2027-12-31');
  await at('pin-submit').click();
  await at('pin-done').waitFor();
  await look(page, tag, '25-pin-done');
  await at('pin-end').click();
  // a list of one owner is one ceremony; what belongs to one key is not asked of it
  await at('key-pin').click();
  await at('pin-text').fill('{"PublicKeyList": [{"Value": "MIIBCgKCAQEA"}]}');
  await at('pin-look').click();
  await at('pin-print-2').waitFor();
  assert.match(await at('pin-print-1-about').textContent(), /By its own word in force from .* to /, 'each key shows the period that its list states');
  assert.equal(await at('pin-kid').count(), 0);
  await look(page, tag, '25-pin-list');
  await at('pin-owner').fill('AWS CloudTrail, eu-central-1');
  await at('pin-confirmed').fill('Fetched from AWS by two people, 20 Nov 2026');
  await at('pin-submit').click();
  await at('pin-done').waitFor();
  assert.match(await at('pin-done').textContent(), /2 keys pinned/);
  await at('pin-end').click();
  // a root is pinned for something, and for no period of the reviewer's
  await at('key-pin').click();
  await at('pin-text').fill('-----BEGIN CERTIFICATE-----\nMIIBCgKCAQEA\n-----END CERTIFICATE-----');
  await at('pin-look').click();
  await at('pin-print').waitFor();
  assert.equal(await at('pin-from').count(), 0);
  await at('pin-owner').fill('Example Time Authority');
  await at('pin-confirmed').fill('Printed in its policy');
  await at('pin-submit').click();
  assert.match(await at('pin').textContent(), /Say what the root vouches for/, 'a root does not vouch for everything by itself');
  await look(page, tag, '25-pin-root');
  await at('pin-vouches').selectOption('time');
  await at('pin-submit').click();
  await at('pin-done').waitFor();
  await at('pin-end').click();
  await at('key-pin').click();
  await at('pin-look').click();
  assert.match(await at('pin').textContent(), /Paste a key, enter a path, or state an identity/);
  await at('pin-subject').fill('ci@example.com');
  await at('pin-look').click();
  await at('pin').getByTestId('error-note').waitFor();
  await at('pin-issuer').fill('https://accounts.example.com');
  await look(page, tag, '25-pin-identity');
  await at('pin-look').click();
  await at('pin-print').waitFor();
  await look(page, tag, '25-pin-identity-compare');
  await at('pin-owner').fill('Example Bank, builds');
  await at('pin-confirmed').fill('Read aloud by telephone, 20 Nov 2026');
  await at('pin-submit').click();
  await at('pin-done').waitFor();
  await at('pin-end').click();
  assert.match(await at('key-table').textContent(), /x509-root, time stamps, CN=Example Time Authority/);
  await look(page, tag, '25-pins');
  await at('key-table').getByRole('button', { name: 'Example Bank, builds' }).first().click();
  await at('key-view').waitFor();
  assert.match(await at('key-view').textContent(), /https:\/\/accounts\.example\.com/);
  await page.keyboard.press('Escape');
  await at('key-view').waitFor({ state: 'detached' });
  await at('key-open-k-1').click();
  await at('key-history').waitFor();
  await at('key-view-print-qr').waitFor();
  assert.match(await at('key-history').textContent(), /replaced by the key/);
  await look(page, tag, '25-key-view');
  await page.keyboard.press('Escape');
  await at('key-withdraw-k-3').click();
  await at('withdraw-do').click();
  assert.match(await at('withdraw').textContent(), /Say why it is no longer trusted/, 'a key is not withdrawn without a reason');
  await look(page, tag, '25-withdraw');
  await at('withdraw-reason').fill('The operator destroyed it.');
  await at('withdraw-do').click();
  await at('withdraw').waitFor({ state: 'detached' });
  await page.keyboard.press('Control+k');
  await at('palette-field').fill('88,417');
  await look(page, tag, '26-palette');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await look(page, tag, '27-keys');
  await page.keyboard.press('Escape');
  await at('open-settings').click();
  await look(page, tag, '28-settings');
  await page.keyboard.press('Escape');
  await at('engagement-menu').click();
  await at('engagement-new').click();
  await look(page, tag, '29-engagement');
  await page.keyboard.press('Escape');

  await page.keyboard.press('Control+l');
  await at('unlock-form').waitFor();
  await look(page, tag, '30-locked');
  const left = await page.evaluate(() => document.body.textContent);
  for (const secret of ['Credit assistant', 'credit-assistant', 'Example Bank', '88,417', 'declined']) assert.ok(!left.includes(secret), `locked window shows ${secret}`);
  assert.equal(await page.title(), 'Tickmark, locked');
  assert.deepEqual(await page.evaluate(() => window.refused), [], `${tag}: the policy refused something`);
  await context.close();
}

/** The way of a first engagement, from an empty vault to a written report. */
async function journey() {
  const { context, page, at } = await openPage('?pace=20', { theme: 'light' });
  await at('go-create-vault').click();
  await at('create-path').fill('/tmp/first.vault');
  await at('create-passphrase').fill('correct horse battery');
  await at('create-passphrase-again').fill('correct horse battery');
  await at('create-reviewer').fill('Reviewer One');
  await at('create-engagement').fill('First engagement');
  await at('create-submit').click();
  await at('overview-empty').waitFor();
  await look(page, 'light', '40-empty-overview');
  for (const [tab, sign] of [['bundles', 'bundles-empty'], ['records', 'records-empty'], ['sampling', 'plans-empty'], ['findings', 'findings-empty'], ['keys', 'keys-empty']]) {
    await at(`tab-${tab}`).click();
    await at(sign).waitFor();
    await look(page, 'light', `41-empty-${tab}`);
  }
  await at('tab-bundles').click();
  await at('import-open').click();
  await at('import-path').fill('/media/usb/trail.jsonl');
  await at('import-received-from').fill('Operator');
  await at('import-submit').click();
  await at('import-task').waitFor();
  await page.waitForTimeout(80);
  await look(page, 'light', '42-import-task');
  await at('verdict-word').waitFor();
  assert.equal(await at('verdict-word').textContent(), 'Not proven');
  await at('bundle-records').click();
  await at('record-table').waitFor();
  await at('records-population').click();
  await at('plan-wizard').waitFor();
  await page.waitForFunction(() => document.querySelector('[data-testid="plan-population"]')?.textContent?.startsWith('9,214'));
  await at('plan-next').click();
  await at('plan-attribute').fill('A person reviewed the case');
  await at('plan-deviation').fill('No reviewer is recorded.');
  await at('plan-next').click();
  await at('plan-sample-size').waitFor();
  await at('plan-next').click();
  await at('plan-freeze').click();
  await at('draw-seed').fill('73914 08826 51170 44935');
  await at('draw-seed-source').fill('20 rolls of a ten-sided die, two people');
  await at('draw-submit').click();
  await at('test-queue').waitFor();
  await at('result-2').click();
  await at('unit-record').click();
  assert.equal(await at('deviation-count').textContent(), '0 deviations', 'a deviation without a note is not recorded');
  await at('unit-note').fill('No reviewer in the record.');
  await at('unit-record').click();
  await page.waitForFunction(() => document.querySelector('[data-testid="deviation-count"]')?.textContent === '1 deviation');
  await at('unit-2').and(page.locator('[aria-current="true"]')).waitFor();
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press('1');
  await page.keyboard.press('Enter');
  await at('unit-3').and(page.locator('[aria-current="true"]')).waitFor();
  assert.match(await at('live-region').textContent(), /pass recorded\. Unit 2 of 93\./);
  await at('tab-findings').click();
  await at('finding-new').click();
  await at('finding-title').fill('A case was not reviewed');
  await at('finding-condition').fill('Record 1 names no reviewer.');
  await at('finding-save').click();
  await at('finding-card').waitFor();
  await at('tab-reports').click();
  await at('report-path').fill('/tmp/report.pdf');
  await at('report-write').click();
  await at('report-written').waitFor();
  await look(page, 'light', '43-report-written');
  // a draft outlives a lock
  await at('tab-findings').click();
  await at('finding-new').click();
  await at('finding-title').fill('Half a finding');
  await at('lock').click();
  await at('vault-passphrase').fill('correct horse battery');
  await at('vault-unlock').click();
  await at('tab-findings').click();
  await at('finding-draft').click();
  assert.equal(await at('finding-title').inputValue(), 'Half a finding');
  // Alt and a figure open the tabs
  await page.keyboard.press('Alt+2');
  await at('bundle-table').waitFor();
  // a cancelled import leaves the list as it was
  await at('import-open').click();
  await at('import-path').fill('/media/usb/other.jsonl');
  await at('import-submit').click();
  await at('import-task-cancel').click();
  await at('error-note').waitFor();
  assert.equal(await at('error-note').getAttribute('data-code'), 'cancelled');
  assert.deepEqual(await page.evaluate(() => window.refused), []);
  await context.close();
}

/** Hostile record text is text: nothing runs, nothing is fetched, no command is called for it. */
async function hostile() {
  const { context, page, at } = await openPage('?open', { theme: 'light' });
  await at('tab-bundles').click();
  await at('bundle-records-b-not-proven').click();
  await at('record-table').waitFor();
  await at('row-11').waitFor();
  const row = await at('row-11').textContent();
  assert.ok(row.includes('<script>') && row.includes('U+202E') && row.includes('U+200B'), row);
  const before = await page.evaluate(() => window.tickmarkCalls.length);
  await at('row-11').click();
  await at('record-panel').waitFor();
  await page.waitForTimeout(400);
  const calls = await page.evaluate((n) => window.tickmarkCalls.slice(n), before);
  assert.deepEqual(calls, ['record_view'], 'opening a hostile record calls record_view and nothing else');
  assert.equal(await page.evaluate(() => 'pwned' in window || '__pwned' in window), false);
  assert.equal(await page.locator('[data-testid="record-panel"] img, [data-testid="record-panel"] script, [data-testid="record-panel"] a').count(), 0);
  const panel = await at('record-panel').textContent();
  assert.ok(panel.includes('<img src=x') && panel.includes('U+0007') && !panel.includes('\u202e'), 'hidden characters show by name');
  await look(page, 'light', '50-hostile');
  // a line of a megabyte: its first part, said to be one, in well under a second
  const start = Date.now();
  await page.keyboard.press('j');
  await page.waitForFunction(() => document.querySelector('[data-testid="record-panel"]')?.getAttribute('aria-label') === 'Record 13');
  await at('evidence-more').first().waitFor();
  const took = Date.now() - start;
  assert.ok(took < 2000, `a megabyte took ${took} ms`);
  assert.match(await at('record-panel').textContent(), /First 2,000 of 1,100,\d\d\d characters shown/);
  await at('record-tab-bytes').click();
  await at('bytes-more').waitFor();
  const more = Date.now();
  await at('bytes-more').click();
  await page.waitForTimeout(50);
  assert.ok(Date.now() - more < 2500);
  await look(page, 'light', '51-megabyte');
  await at('tab-bundles').click();
  await at('bundle-open-b-refuted').click();
  await at('fault-group-duplicate_name-toggle').click();
  assert.ok((await at('faults').textContent()).includes('<script>'));
  assert.equal(await page.evaluate(() => 'pwned' in window || '__pwned' in window), false);
  assert.deepEqual(await page.evaluate(() => window.refused), []);
  await context.close();
  return took;
}

/** Ten million rows: the first, the last and a step of the wheel. */
async function huge() {
  const { context, page, at } = await openPage('?open&rows=10000000', { theme: 'light' });
  await at('tab-bundles').click();
  await at('bundle-records-b-not-proven').click();
  await at('record-table').waitFor();
  await at('row-0').waitFor();
  await at('record-table').focus();
  await page.keyboard.press('End');
  await at('row-9999999').and(page.locator('[aria-selected="true"]')).waitFor();
  await page.waitForFunction(() => document.querySelector('[data-testid="row-9999999"]')?.textContent?.includes('10,000,000'));
  await look(page, 'light', '60-last-of-ten-million');
  await page.keyboard.press('Home');
  await at('row-0').and(page.locator('[aria-selected="true"]')).waitFor();
  await at('row-5').hover();
  await page.mouse.wheel(0, 260);
  await at('row-20').waitFor();
  assert.equal(await page.locator('[data-testid="row-500"]').count(), 0, 'the wheel moves rows, not thousands');
  const drawn = await page.locator('[role="row"]').count();
  assert.ok(drawn < 80, `${drawn} rows drawn`);
  await context.close();
}

async function readOnly() {
  const { context, page, at } = await openPage('?open&read-only', { theme: 'light' });
  await at('read-only-line').waitFor();
  await at('tab-bundles').click();
  await at('bundle-table').waitFor();
  assert.equal(await at('import-open').count(), 0);
  await at('bundle-open-b-refuted').click();
  await at('verdict-word').waitFor();
  assert.equal(await at('verify-again').count(), 0);
  await look(page, 'light', '70-read-only');
  await context.close();
}

let took = 0;
try {
  await walk('light', 1280);
  await walk('dark', 1280);
  await walk('light', 1000);
  await journey();
  took = await hostile();
  await huge();
  await readOnly();
} catch (stopped) {
  faults.push(String(stopped.stack ?? stopped));
} finally {
  await browser.close();
  server.close();
}
console.log(`${checks} looks, pictures in ${shots}; a record of a megabyte shown in ${took} ms`);
for (const fault of [...new Set(faults)].sort((a, b) => Number(b.includes('Error')) - Number(a.includes('Error')))) console.log(`FAULT ${fault}`);
process.exit(faults.length === 0 ? 0 : 1);
