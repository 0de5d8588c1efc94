/*
 * The vault opened again by another window process, and text that tries to be more than text. Also what a script in the
 * page could try, if there ever were one: other pages, the network, commands that are not of the contract.
 */
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { PASSPHRASE } from './programs.mjs';
import { until } from './webdriver.mjs';

const OWN = 'tauri://localhost';
/** Characters that would not show, or would turn the order of others. */
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u;

export function hostile(w, place) {
  return [
    ['the vault of before is offered, and opens with its passphrase only', async () => {
      await w.click('recent-0');
      await w.fill('vault-passphrase', 'another passphrase');
      await w.click('vault-unlock');
      await until(async () => (await w.attribute('error-note', 'data-code')) === 'wrong_secret', 'the wrong passphrase is said to be wrong');
      await w.look('40-wrong-passphrase');
      await w.fill('vault-passphrase', PASSPHRASE);
      await w.click('vault-unlock');
      await w.see('overview');
      await w.look('41-overview');
    }],

    ['a bundle of hostile text is imported as any other', async () => {
      await w.click('tab-bundles');
      await w.click('import-open');
      await w.fill('import-path', place.hostile.path);
      await w.fill('import-received-from', '<img src=x onerror=window.pwned=8>');
      await w.click('import-submit');
      await w.see('verdict-page', 60_000);
      await w.says('verdict-word', /^(Refuted|Not proven)$/);
      await calm(w);
      await w.look('42-hostile-verdict');
      await w.click('tab-bundles');
      await w.see('bundle-table');
      await calm(w);
      await w.look('43-hostile-bundles');
    }],

    ['its records are text, and nothing but text', async () => {
      await w.session.run(() => [...document.querySelectorAll('[data-testid^="bundle-open-"]')].find((at) => at.textContent.includes('onerror')).click());
      await w.click('bundle-records');
      await w.see('record-table');
      const { lines } = place.hostile;
      for (let row = 0; row < lines.length; row += 1) {
        await w.click(`row-${row}`);
        await until(async () => (await w.attribute('record-panel', 'aria-label')) === `Record ${row + 1}`, `record ${row + 1} is open`);
        await w.click('record-tab-fields');
        await w.see('field-list');
        await calm(w);
        await w.click('record-tab-bytes');
        await w.see('byte-view');
        const shown = await w.session.run(() => [...document.querySelectorAll('[data-testid="byte-view"] .text')].map((at) => at.textContent).join(''));
        const spelled = chips(lines[row]);
        assert.ok(spelled === shown || (spelled.startsWith(shown) && shown.length >= 20_000), `record ${row + 1} reads ${shown.slice(0, 300)}`);
        await calm(w);
        if (row === 0) await w.look('44-hostile-markup');
        if (row === 2) await w.look('45-hostile-bidi');
      }
    }],

    ['bidi controls and invisible characters show their names', async () => {
      await w.click('row-2');
      await until(async () => (await w.attribute('record-panel', 'aria-label')) === 'Record 3', 'record 3 is open');
      await w.see('byte-view');
      const shown = await w.session.run(() => [...document.querySelectorAll('[data-testid="byte-view"] .chip')].map((at) => at.textContent));
      for (const name of ['U+202E', 'U+2066', 'U+2069', 'U+200B', 'U+FEFF']) assert.ok(shown.includes(name), `${name} is among ${shown}`);
    }],

    ['a line of 300,000 characters opens in parts', async () => {
      const start = Date.now();
      await w.click('row-3');
      await until(async () => (await w.attribute('record-panel', 'aria-label')) === 'Record 4', 'record 4 is open');
      await w.see('bytes-more');
      assert.ok(Date.now() - start < 4000, `it took ${Date.now() - start} ms`);
      await w.click('bytes-more');
      await w.look('46-hostile-long');
      await calm(w);
    }],

    ['a search for hostile text finds it, as text', async () => {
      await w.fill('query-field', '"onerror" <script>');
      await until(async () => (await w.text('reads-as')).includes('script'), 'the query is read back');
      await calm(w);
      await w.look('47-hostile-query');
    }],

    ['nothing leaves and no other page is opened, whatever a script tries', async () => {
      const listener = createServer();
      let reached = 0;
      listener.on('connection', (socket) => { reached += 1; socket.destroy(); });
      listener.listen(0, '127.0.0.1');
      await once(listener, 'listening');
      const there = `http://127.0.0.1:${listener.address().port}`;
      try {
        for (const [way, attempt] of Object.entries(ATTEMPTS)) {
          await w.session.run(attempt, there);
          await pause(120);
          assert.equal(await w.session.run(() => location.origin + location.pathname), `${OWN}/`, way);
          assert.ok(await w.has('record-table'), `${way}: the page is still there`);
        }
        assert.equal((await w.session.get('window/handles')).length, 1, 'no other window');
        await pause(200);
        assert.equal(reached, 0, 'connections that reached the listener');
      } finally {
        listener.close();
      }
      const told = (await w.told()).join('\n');
      for (const kind of ['connect-src', 'img-src', 'frame-src|child-src|default-src', 'form-action', 'script-src']) assert.match(told, new RegExp(`policy refused (${kind})`), `the policy was at work: ${told}`);
      await calm(w);
    }],

    ['commands that are not of the contract are refused', async () => {
      assert.equal(await w.session.run(() => typeof window.__TAURI__), 'undefined');
      assert.ok(await w.session.run(() => Object.isFrozen(Object.prototype)), 'prototypes are frozen');
      for (const name of ['plugin:event|listen', 'plugin:fs|read_file', 'plugin:shell|open', 'plugin:window|create', 'plugin:webview|create_webview_window', 'plugin:app|version', 'plugin:path|resolve_directory', 'no_such_command']) {
        const answer = await w.session.later((n) => window.__TAURI_INTERNALS__.invoke(n, {}).then((value) => `allowed ${JSON.stringify(value)}`, (error) => `refused ${JSON.stringify(error)}`), name);
        assert.match(answer, /^refused .*(not allowed|not found)/i, `${name}: ${answer}`);
      }
    }],

    ['the same records are counted as before', async () => {
      await w.click('tab-records');
      await w.see('record-table');
      place.seen.records = Number((await w.says('records-count', /^[\d,]+ in all bundles/)).split(' ')[0].replaceAll(',', ''));
      assert.equal(place.seen.records, place.lines.length + 640 + place.hostile.lines.length);
    }],
  ];
}

/** Nothing of the evidence is alive: no script ran, no element came of it, no character hides, the page is ours. */
async function calm(w) {
  const state = await w.session.run((unseen) => ({
    pwned: 'pwned' in window,
    at: location.origin + location.pathname,
    alive: [...document.querySelectorAll('#window a[href]:not([href="#page"]), #window img, #window iframe, #window script, #window object, #window embed, #window form[action], #window b, #window style')].map((e) => e.outerHTML.slice(0, 200)),
    attributes: [...document.querySelectorAll('#window *')].flatMap((e) => [...e.attributes].map((a) => a.name)).filter((name) => /^on/.test(name)),
    unseen: new RegExp(unseen, 'u').exec(document.body.innerText)?.[0] ?? null,
    titles: [...document.querySelectorAll('#window [title], #window [aria-label], option')].map((e) => `${e.title}${e.getAttribute('aria-label')}${e.label ?? ''}`).filter((text) => new RegExp(unseen, 'u').test(text)),
  }), UNSEEN.source);
  assert.deepEqual(state, { pwned: false, at: `${OWN}/`, alive: [], attributes: [], unseen: null, titles: [] });
  assert.deepEqual(await w.told(), []);
}

/** A text as the window spells it: what would not show stands there by name. */
function chips(text) {
  return text.replace(new RegExp(UNSEEN.source, 'gu'), (char) => `U+${char.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}`);
}

/** Ways out of the page. Each runs in it; `there` is a listener that nobody may reach. */
const ATTEMPTS = {
  'location.href': () => { location.href = 'http://127.0.0.1:9/'; },
  'location.assign': (there) => { location.assign(`${there}/assign`); },
  'location.replace': (there) => { location.replace(`${there}/replace`); },
  'a file': () => { location.href = 'file:///etc/passwd'; },
  'a data page': () => { location.href = 'data:text/html,<script>parent.pwned=1</script>'; },
  'an empty page': () => { location.href = 'about:blank'; },
  'a blob page': () => { location.href = URL.createObjectURL(new Blob(['<p>other</p>'], { type: 'text/html' })); },
  'a script address': () => { location.href = 'javascript:window.pwned=9'; },
  'a refresh': (there) => { const meta = document.createElement('meta'); meta.httpEquiv = 'refresh'; meta.content = `0;url=${there}/refresh`; document.head.append(meta); },
  'a new window': (there) => { window.open(`${there}/open`); },
  'a link': (there) => { const a = document.createElement('a'); a.href = `${there}/link`; document.body.append(a); a.click(); a.remove(); },
  'a link to a new window': (there) => { const a = document.createElement('a'); a.href = `${there}/blank`; a.target = '_blank'; document.body.append(a); a.click(); a.remove(); },
  'a form': (there) => { const f = document.createElement('form'); f.action = `${there}/form`; f.method = 'post'; document.body.append(f); f.submit(); f.remove(); },
  'a frame': (there) => { const f = document.createElement('iframe'); f.src = `${there}/frame`; document.body.append(f); setTimeout(() => f.remove(), 80); },
  'a picture': (there) => { new Image().src = `${there}/picture.png`; },
  'a style sheet': (there) => { const l = document.createElement('link'); l.rel = 'stylesheet'; l.href = `${there}/style.css`; document.head.append(l); setTimeout(() => l.remove(), 80); },
  'an early connection': (there) => { for (const rel of ['preconnect', 'dns-prefetch', 'prefetch', 'preload']) { const l = document.createElement('link'); l.rel = rel; l.href = there; l.as = 'script'; document.head.append(l); setTimeout(() => l.remove(), 80); } },
  'a script': (there) => { const s = document.createElement('script'); s.src = `${there}/script.js`; document.head.append(s); setTimeout(() => s.remove(), 80); },
  'a script in the page': () => { const s = document.createElement('script'); s.textContent = 'window.pwned=10'; document.head.append(s); s.remove(); },
  'a handler in the markup': () => { const d = document.createElement('div'); d.innerHTML = '<img src=x onerror="window.pwned=11">'; },
  fetch: (there) => { void fetch(`${there}/fetch`).catch(() => undefined); },
  'an XMLHttpRequest': (there) => { const x = new XMLHttpRequest(); try { x.open('GET', `${there}/xhr`); x.send(); } catch { /* refused at once */ } },
  'a web socket': (there) => { try { new WebSocket(there.replace('http', 'ws')); } catch { /* refused at once */ } },
  'an event source': (there) => { try { new EventSource(`${there}/events`); } catch { /* refused at once */ } },
  'a beacon': (there) => { navigator.sendBeacon(`${there}/beacon`, 'x'); },
  'a peer connection': (there) => { if ('RTCPeerConnection' in window) { const p = new RTCPeerConnection({ iceServers: [{ urls: there.replace('http://', 'stun:') }] }); p.createDataChannel('x'); void p.createOffer().then((o) => p.setLocalDescription(o)); } },
};
