/* The programs beside the window, and the bundles that they make for the journey. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const PASSPHRASE = 'correct horse battery';

/** What the programs see of the machine: a home of their own, no bus, a fast passphrase. */
export function environment(work, display, more = {}) {
  const home = join(work, 'home');
  const from = (...names) => Object.fromEntries(names.filter((name) => name in process.env).map((name) => [name, process.env[name]]));
  return {
    ...from('PATH', 'LD_LIBRARY_PATH', 'TMPDIR'),
    HOME: home, XDG_CONFIG_HOME: join(home, 'config'), XDG_DATA_HOME: join(home, 'data'), XDG_CACHE_HOME: join(home, 'cache'),
    DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(work, 'no-bus')}`, NO_AT_BRIDGE: '1', GDK_BACKEND: 'x11', DISPLAY: display,
    LANG: 'C.UTF-8', TZ: 'UTC', TICKMARK_WORK_FACTOR: '10', TICKMARK_PASSPHRASE: PASSPHRASE, ...more,
  };
}

/** Runs a program to its end; another exit code than those expected is an error. */
export function run(program, args, { env, input, exits = [0], binary = false } = {}) {
  const done = spawnSync(program, args, { env: env ?? process.env, input, timeout: 60_000, maxBuffer: 1 << 28 });
  if (done.error) throw done.error;
  if (!exits.includes(done.status)) {
    throw new Error(`${program} ${args.join(' ')} ended with ${done.status ?? done.signal}\n${done.stdout}${done.stderr}`.slice(0, 4000));
  }
  return binary ? done.stdout : done.stdout.toString('utf8');
}

/** The bundles of the demo, where things will lie, and what has been seen so far. */
export function demo(tickmark, work) {
  const dir = join(work, 'demo');
  run(tickmark, ['demo', dir, '--quiet'], { env: environment(work, '') });
  const whole = join(dir, 'bundles/credit-gateway-2026-Q3.zip');
  const edited = join(dir, 'bundles/credit-gateway-branch-2026-Q3.zip');
  const trust = join(dir, 'trust/example-bank-gateway.toml');
  return {
    work, whole, edited, trust,
    key: /public_key = "([^"]+)"/.exec(readFileSync(trust, 'utf8'))[1],
    lines: member(whole, 'receipts.jsonl').split('\n').filter(Boolean),
    vault: join(work, 'review.vault'),
    report: join(work, 'report.pdf'),
    hostile: hostileBundle(work),
    seen: {},
  };
}

function member(zip, name) {
  return run('python3', ['-c', 'import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))', zip, name]);
}

export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** Records that try everything that a text can try. Each would set `window.pwned` if it were anything but text. */
function hostileBundle(work) {
  const attack = (n) => `<img src=x onerror="window.pwned=${n}"><script>window.pwned=${n}</script><svg onload=window.pwned=${n}>`;
  const at = (n) => ({ time: `2026-09-0${n}T10:00:00Z` });
  const records = [
    { ...at(1), event: attack(1), actor: '<b onmouseover=window.pwned=1>root</b>', outcome: '<iframe srcdoc="<script>parent.pwned=1</script>">', text: attack(1) },
    { ...at(2), event: 'link', actor: 'javascript:window.pwned=2', url: 'javascript:window.pwned=2', text: 'http://127.0.0.1:9/ [click](javascript:window.pwned=2) ![x](http://127.0.0.1:9/x.png)' },
    { ...at(3), event: 'bidi', actor: 'alice\u202etnuocca', text: 'invoice\u202efdp.exe \u2066hidden\u2069 zero\u200bwidth \ufeffmark \u0007bell \u001b[31mred {@html 1} {{constructor.constructor("window.pwned=3")()}}' },
    { ...at(4), event: 'long', actor: 'flood', text: `${'A'.repeat(300_000)}${attack(4)}` },
    { ...at(5), event: 'names', '__proto__ ': attack(5), [`</textarea>${attack(5)}`]: { [`"'\`>${attack(5)}`]: [attack(5)] }, 'css': '</style><style>*{display:none}</style>' },
  ];
  const lines = records.map((record) => JSON.stringify(record));
  // the same member name twice: a fault, whose sentence carries the name
  lines.push(`{"time":"2026-09-06T10:00:00Z","event":"twice","<img src=x onerror=window.pwned=6>":1,"<img src=x onerror=window.pwned=6>":2}`);
  const folder = join(work, 'received');
  mkdirSync(folder);
  const path = join(folder, '<img src=x onerror=window.pwned=7> \u202elnosj.jsonl');
  writeFileSync(path, `${lines.join('\n')}\n`);
  return { path, lines };
}
