/* What the window left, read by other programs: the command line, age, SQLCipher, PDF tools, the linker's list. */
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { end, start } from './desk.mjs';
import { run, sha256 } from './programs.mjs';
import { FINDING, NOTE, RATES, SEED } from './review.mjs';
import { until } from './webdriver.mjs';

export function outside({ program, tickmark, folder, env }, place) {
  const { seen, vault, report } = place;
  const cli = (...args) => run(tickmark, args, { env });
  const object = (...args) => JSON.parse(cli(...args, '--json'));
  const kept = { read: null };

  return [
    ['the vault is sound', async () => { cli('vault', 'check', vault, '--quiet'); }],

    ['the command line counts the same records', async () => {
      const lines = cli('records', '--vault', vault, '--limit', '1000000', '--json').split('\n').filter(Boolean);
      assert.equal(lines.length, seen.records);
    }],

    ['age and SQLCipher alone open the vault and find the work', async () => {
      const identity = join(place.work, 'key.txt');
      run('age-keygen', ['-o', identity]);
      const recipient = /age1\w+/.exec(readFileSync(identity, 'utf8'))[0];
      cli('vault', 'slots', 'add-recipient', vault, recipient, '--label', 'Journey', '--quiet');
      const slot = JSON.parse(readFileSync(join(vault, 'vault.json'), 'utf8')).slots.find((s) => s.recipient === recipient);
      const key = run('age', ['-d', '-i', identity, join(vault, 'keys', `${slot.id}.age`)], { binary: true });
      assert.equal(key.length, 32);
      kept.read = JSON.parse(run(join(folder, 'venv/bin/python'), [join(import.meta.dirname, 'read_vault.py'), join(vault, 'vault.db'), key.toString('hex')]));
      const { results, findings, records, bundles, refused } = kept.read;
      assert.equal(records, seen.records);
      assert.deepEqual(bundles.slice(0, 2).map((b) => b[1]), [place.whole, place.edited].map((path) => sha256(readFileSync(path))));
      assert.deepEqual(results[0], [1, 'deviation', NOTE]);
      assert.equal(results.length, seen.units);
      assert.deepEqual([...new Set(results.slice(1).map((r) => r[1]))], ['pass']);
      assert.deepEqual(findings, [[FINDING, 'high', 'open']]);
      assert.match(refused, /append-only|readonly/, 'results cannot be deleted');
    }],

    ['the same seed draws the same sample without the vault', async () => {
      const [[method, seed]] = kept.read.draws;
      assert.equal(seed, SEED);
      const drawn = object('draw', '--method', method.includes('consistent') ? 'consistent' : 'rivest', '--seed', seed, '--population', String(seen.population), '--count', String(seen.units));
      assert.deepEqual(drawn.picks, kept.read.picks);
    }],

    ['plan and limit are the same without the vault', async () => {
      const population = ['--population', String(seen.population)];
      const plan = object('plan', '--tolerable', `${RATES.tolerable}%`, '--expected', `${RATES.expected}%`, '--confidence', `${RATES.confidence}%`, ...population);
      assert.deepEqual([plan.n, plan.acceptable], [seen.units, seen.acceptable]);
      const limit = object('evaluate', '--sample', String(seen.units), '--deviations', '1', '--confidence', `${RATES.confidence}%`, ...population);
      const printed = Number(/[\d.]+/.exec(seen.limit)[0]);
      assert.ok(printed >= limit.upper_limit * 100 && printed - limit.upper_limit * 100 <= 0.1, `${seen.limit} is ${limit.upper_limit}, rounded up`);
    }],

    ['the PDF says what the window said', async () => {
      const text = run('pdftotext', ['-layout', report, '-']);
      const plain = text.replace(/\s+/g, ' ');
      assert.match(plain, /Page 1 of \d+/);
      assert.ok(plain.includes(FINDING), 'the finding');
      assert.match(plain, /\b(1|one) deviation\b/i);
      assert.ok(plain.replace(/\s/g, '').includes(seen.limit.replace(/\s/g, '')), `the upper limit ${seen.limit}`);
      for (const path of [place.whole, place.edited]) {
        const groups = sha256(readFileSync(path)).match(/.{4}/g);
        assert.ok(plain.includes(groups.slice(0, 8).join(' ')), `the digest of ${path}, in groups`);
        assert.ok(plain.includes(groups.slice(8).join(' ')), `the second half of the digest of ${path}`);
      }
      for (const word of ['Proven', 'Refuted']) assert.ok(plain.includes(word), word);
      run('pdftoppm', ['-r', '80', '-png', report, join(folder, 'report')]);
    }],

    ['report.json beside the PDF is the one inside it', async () => {
      const inside = mkdtempSync(join(place.work, 'attached-'));
      run('pdfdetach', ['-saveall', '-o', inside, report]);
      const name = readdirSync(inside).find((file) => file.endsWith('report.json'));
      assert.ok(name, `the PDF carries ${readdirSync(inside)}`);
      const embedded = readFileSync(join(inside, name));
      kept.json = readdirSync(place.work).filter((file) => file.endsWith('.json')).map((file) => join(place.work, file)).find((path) => readFileSync(path).equals(embedded));
      assert.ok(kept.json, 'the same bytes lie beside the PDF');
      assert.equal(sha256(embedded), seen.digest, 'the digest that the window showed');
    }],

    ['the report can be performed again, and a changed one is found out', async () => {
      const by = ['--bundle', place.whole, '--bundle', place.edited, '--trust', place.trust, '--json'];
      const again = (path, exits) => JSON.parse(run(tickmark, ['verify-report', path, ...by], { env, exits }));
      const { outcome, figures } = again(report, [0, 3]);
      assert.notEqual(outcome, 'differs');
      const open = figures.filter((f) => f.outcome === 'not_checked').map((f) => f.figure);
      assert.ok(open.every((name) => name.startsWith('Custody')), `not checked: ${open}`);
      assert.ok(figures.some((f) => f.outcome === 'agrees' && /upper limit/.test(f.figure)));
      const folder = mkdtempSync(join(place.work, 'changed-'));
      const json = readFileSync(kept.json, 'utf8');
      const changed = json.replace(NOTE, NOTE.replace('No reviewer', 'A reviewer'));
      assert.notEqual(changed, json);
      copyFileSync(report, join(folder, 'report.pdf'));
      writeFileSync(join(folder, basename(kept.json)), changed);
      assert.equal(again(join(folder, 'report.pdf'), [1]).outcome, 'differs');
    }],

    ["the window shows SQLCipher's symbols to nobody", async () => {
      const shown = run('nm', ['--dynamic', '--defined-only', program]).split('\n').filter((line) => / sqlite3_/.test(line));
      assert.deepEqual(shown, []);
    }],

    ['a shipped window drops what could drive it', async () => {
      const shipped = join(dirname(tickmark), 'tickmark-window');
      if (shipped === program || !existsSync(shipped)) return `no shipped window beside ${tickmark}`;
      const control = { TAURI_WEBVIEW_AUTOMATION: 'true', WEBKIT_INSPECTOR_SERVER: '127.0.0.1:9' };
      const child = start(shipped, [], { log: join(folder, 'shipped.log'), env: { ...env, ...control } });
      try {
        const names = () => { try { return readFileSync(`/proc/${child.pid}/environ`, 'latin1').split('\0').map((one) => one.split('=')[0]); } catch { return []; } };
        await until(() => names().includes('HOME') && !Object.keys(control).some((name) => names().includes(name)), () => `the process lets go of them; it holds ${names()}`, 8000);
        assert.equal(child.exitCode, null, 'and lives on');
      } finally {
        await end(child);
      }
    }],
  ];
}
