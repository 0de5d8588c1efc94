/*
 * The desk that a journey sits at: a display, the driver, the window, and what can be done with it by test ids
 * (ui/E2E.md). Whatever is started here is ended here.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DriverError, KEY, Session, until } from './webdriver.mjs';

const started = new Set();

/** Starts a program in a process group of its own; what it says goes to a file. */
export function start(program, args, { log, env, pipe }) {
  const out = openSync(log, 'a');
  const child = spawn(program, args, { detached: true, env, stdio: ['ignore', out, out, ...(pipe ? ['pipe'] : [])] });
  closeSync(out);
  started.add(child);
  child.on('error', () => started.delete(child));
  return child;
}

/** Ends a program and all that it started. */
export async function end(child) {
  if (!started.delete(child)) return;
  const gone = child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : once(child, 'exit');
  for (const signal of ['SIGTERM', 'SIGKILL']) {
    try { process.kill(-child.pid, signal); } catch { break; } // nobody is left in the group
    await Promise.race([gone, pause(signal === 'SIGTERM' ? 1500 : 500)]);
  }
}

export async function endAll() {
  for (const child of [...started].reverse()) await end(child);
}

/** A display of its own, with a number that nobody else has. */
export async function display(folder) {
  const server = start('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'], { log: join(folder, 'display.log'), env: process.env, pipe: true });
  const [number] = await Promise.race([
    once(server.stdio[3], 'data'),
    pause(10_000, undefined, { ref: false }).then(() => { throw new Error('the display did not start; see display.log'); }),
  ]);
  return `:${String(number).trim()}`;
}

/** A port of the loopback that is free now. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** The window, driven by test ids. */
export class Window {
  /** Starts the driver, and through it the window. */
  static async open(program, { env, folder }) {
    const port = await freePort();
    const driver = start('WebKitWebDriver', [`--port=${port}`], { log: join(folder, 'window.log'), env: { ...env, TAURI_WEBVIEW_AUTOMATION: 'true' } });
    const at = `http://127.0.0.1:${port}`;
    await until(() => fetch(`${at}/status`).then((r) => r.ok, () => false), 'WebKitWebDriver answers');
    const window = new Window(driver, await Session.open(at, program), folder);
    await window.watch();
    return window;
  }

  constructor(driver, session, folder) {
    this.driver = driver;
    this.session = session;
    this.folder = folder;
    this.axe = readFileSync(new URL('../../ui/node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
    this.looks = 0;
  }

  async close() {
    await this.session.close().catch(() => undefined);
    await end(this.driver);
  }

  /** Notes in the page what the policy refused and what went wrong; `told` gives it. */
  watch() {
    return this.session.run(() => {
      window.noted = [];
      document.addEventListener('securitypolicyviolation', (e) => window.noted.push(`policy refused ${e.violatedDirective} ${e.blockedURI} ${e.sample}`));
      window.addEventListener('error', (e) => window.noted.push(`error ${e.message}`));
      window.addEventListener('unhandledrejection', (e) => window.noted.push(`rejection ${e.reason}`));
      const say = console.error;
      console.error = (...what) => { window.noted.push(`console ${what.join(' ')}`); say.apply(console, what); };
    });
  }
  told() { return this.session.run(() => window.noted.splice(0)); }

  /** Waits until the thing is there and shown. */
  async see(id, limit) {
    const shown = (css) => { const at = document.querySelector(css); return !!at && at.getClientRects().length > 0; };
    await until(() => this.session.run(shown, css(id)), () => this.why(id), limit);
  }
  async gone(id, limit) { await until(() => this.session.run((c) => !document.querySelector(c), css(id)), `${id} goes`, limit); }
  has(id) { return this.session.run((c) => !!document.querySelector(c), css(id)); }
  text(id) { return this.session.run((c) => document.querySelector(c)?.textContent ?? '', css(id)); }
  attribute(id, name) { return this.session.run((c, n) => document.querySelector(c)?.getAttribute(n) ?? null, css(id), name); }
  value(id) { return this.session.run((c) => document.querySelector(c)?.value ?? null, css(id)); }

  /** Waits until the text fits; gives it. */
  async says(id, pattern, limit) {
    let last = '';
    await until(async () => pattern.test((last = await this.text(id))), () => `${id} says ${pattern}; it says "${last.slice(0, 300)}"`, limit);
    return last;
  }

  async click(id) { await this.act(id, (element) => this.session.click(element)); }
  /** Replaces what stands in a field, by the keyboard. */
  async fill(id, text) {
    await this.act(id, async (element) => {
      await this.session.run((c) => { const at = document.querySelector(c); at.focus(); at.select(); }, css(id));
      await this.session.type(element, text.replaceAll('\n', KEY.enter));
    });
    const found = await this.value(id);
    if (found !== text) throw new Error(`${id} holds "${found}" after "${text}" was typed`);
  }
  async choose(id, value) {
    await this.see(id);
    await this.session.click(await this.session.find(`${css(id)} option[value="${value}"]`));
    await until(async () => (await this.value(id)) === value, `${id} is ${value}`);
  }
  /** A key of the page: no field has the focus. */
  async key(...keys) {
    await this.session.run(() => document.activeElement?.blur());
    await this.session.press(...keys);
  }

  /** Does something with the thing as soon as it is there and free; a page that is drawn anew meanwhile does not matter. */
  async act(id, what) {
    await this.see(id);
    let last;
    await until(async () => {
      try {
        if (await this.session.run((c) => document.querySelector(c)?.disabled === true, css(id))) return false;
        await what(await this.session.find(css(id)));
        return true;
      } catch (error) {
        last = error;
        if (error instanceof DriverError && ['stale element reference', 'no such element', 'element click intercepted', 'element not interactable'].includes(error.code)) return false;
        throw error;
      }
    }, () => `${id} can be used: ${last ?? 'it is disabled'}`);
  }

  /** Keeps pictures of the screen in light and dark and gives what axe finds. */
  async look(name) {
    const found = [];
    for (const theme of ['light', 'dark']) {
      await this.session.later(inTheme, theme);
      writeFileSync(join(this.folder, `${name}-${theme}.png`), await this.session.picture());
      for (const one of await this.check()) found.push(`${name} ${theme}: ${one}`);
    }
    await this.session.later(inTheme, 'light');
    this.looks += 2;
    if (found.length > 0) throw new Error(`axe finds\n${found.join('\n')}`);
  }

  async check() {
    if (!(await this.session.run(() => 'axe' in window))) await this.session.source(`${this.axe}; window.axe = axe;`);
    return this.session.later(accessibility);
  }

  async why(id) {
    const seen = await this.session.run(() => [...document.querySelectorAll('[data-testid]')].map((at) => at.dataset.testid).slice(0, 60).join(' '));
    const error = await this.text('error-note');
    return `${id} is shown. There is: ${seen}${error ? `. The window says: ${error}` : ''}`;
  }
}

const css = (id) => `[data-testid="${id}"]`;

/** In the page: sets the theme and waits for what moves. */
async function inTheme(theme) {
  document.documentElement.dataset.theme = theme;
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  await Promise.allSettled(document.getAnimations().map((one) => one.finished));
}

/** In the page: what axe finds, the grave ones first, and whether the page is wider than the window. */
async function accessibility() {
  const grave = ['critical', 'serious', 'moderate', 'minor'];
  const options = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], rules: { region: { enabled: false } } };
  const { violations } = await window.axe.run(document, options);
  violations.sort((a, b) => grave.indexOf(a.impact) - grave.indexOf(b.impact));
  const found = violations.map((v) => `${v.impact} ${v.id}: ${v.nodes.slice(0, 4).map((n) => `${n.target.join(' ')} ${n.any[0]?.message ?? n.all[0]?.message ?? ''}`).join(' | ')}`);
  if (document.documentElement.scrollWidth > innerWidth) found.push('the page is wider than the window');
  return found;
}
