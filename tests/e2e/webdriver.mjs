/*
 * As much of WebDriver (W3C) as one window needs, over fetch. WebKitWebDriver starts the window and speaks for it.
 */
import { setTimeout as pause } from 'node:timers/promises';

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';
const STEP = 40;

/** A refusal of the driver, with the code of the specification (`stale element reference`, …). */
export class DriverError extends Error {
  constructor(code, message) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

/** One window under the driver's hand. */
export class Session {
  static async open(driver, program) {
    const browser = { browserName: 'wry', 'webkitgtk:browserOptions': { binary: program, args: [] } };
    const made = await ask(`${driver}/session`, 'POST', { capabilities: { alwaysMatch: browser } });
    return new Session(`${driver}/session/${made.sessionId}`);
  }

  constructor(address) { this.address = address; }

  get(path) { return ask(`${this.address}/${path}`, 'GET'); }
  post(path, body = {}) { return ask(`${this.address}/${path}`, 'POST', body); }
  close() { return ask(this.address, 'DELETE'); }

  /** Runs a function in the page. It sees nothing of this file; its arguments are plain data. */
  run(what, ...args) { return this.post('execute/sync', { script: `return (${what}).apply(null, arguments)`, args }); }
  /** The same for a function that gives a promise. */
  later(what, ...args) {
    const script = `const done = arguments[arguments.length - 1]; (${what}).apply(null, arguments).then((value) => done({ value }), (error) => done({ error: String(error) }))`;
    return this.post('execute/async', { script, args }).then((told) => { if ('error' in told) throw new Error(told.error); return told.value; });
  }
  /** Runs a text as it is. */
  source(script) { return this.post('execute/sync', { script, args: [] }); }

  async find(css) { return (await this.post('element', { using: 'css selector', value: css }))[ELEMENT]; }
  click(element) { return this.post(`element/${element}/click`); }
  type(element, text) { return this.post(`element/${element}/value`, { text }); }
  picture() { return this.get('screenshot').then((text) => Buffer.from(text, 'base64')); }

  /** Presses keys together, as `Control` and `k`; lets them go in the other order. */
  async press(...keys) {
    const down = keys.map((value) => ({ type: 'keyDown', value }));
    const up = [...keys].reverse().map((value) => ({ type: 'keyUp', value }));
    await this.post('actions', { actions: [{ type: 'key', id: 'keys', actions: [...down, ...up] }] });
  }
}

/** Keys without a letter. */
export const KEY = { enter: '\uE007', escape: '\uE00C', control: '\uE009', alt: '\uE00A', down: '\uE015', end: '\uE010', home: '\uE011' };

/** Waits until `probe` gives something true, and gives it. */
export async function until(probe, what, limit = 15_000) {
  const start = Date.now();
  for (;;) {
    const found = await probe();
    if (found) return found;
    if (Date.now() - start > limit) throw new Error(`not within ${limit / 1000} s: ${typeof what === 'function' ? await what() : what}`);
    await pause(STEP);
  }
}

async function ask(address, method, body) {
  const answer = await fetch(address, {
    method,
    body: body === undefined ? undefined : JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
    signal: AbortSignal.timeout(30_000),
  });
  const { value } = await answer.json();
  if (!answer.ok) throw new DriverError(value?.error ?? `HTTP ${answer.status}`, value?.message ?? '');
  return value;
}
