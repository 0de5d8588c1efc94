/*
 * A reviewer's journey through the real window, hostile text in a second sitting, and what is left of both seen from
 * outside. A step that fails ends its chain: what follows it is counted as failed too.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { display, endAll, Window } from './desk.mjs';
import { hostile } from './hostile.mjs';
import { outside } from './outside.mjs';
import { demo, environment } from './programs.mjs';
import { review } from './review.mjs';

const [program, tickmark, folder] = process.argv.slice(2);
const began = Date.now();
let passed = 0;
let failed = 0;

/** Does steps in order. Each is [name, what it does]; `each` lets the chain go on after a failure. A step may give a reason to be skipped. */
async function chain(title, steps, { window = null, each = false } = {}) {
  console.log(title);
  let stopped = false;
  for (const [name, step] of steps) {
    if (stopped) { failed += 1; console.log(`  FAILED  not reached: ${name}`); continue; }
    const start = Date.now();
    try {
      const skipped = await step(); // a reason, where this machine cannot do it
      if (skipped) { console.log(`  skipped  ${name}: ${skipped}`); continue; }
      passed += 1;
      console.log(`  passed  ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
    } catch (error) {
      failed += 1;
      stopped = !each;
      console.log(`  FAILED  ${name}\n${String(error?.stack ?? error).replace(/^/gm, '          ')}`);
      if (window) await keepLast(window, name);
    }
  }
}

async function keepLast(window, name) {
  const path = join(folder, `failed-${name.replace(/[^a-z0-9]+/gi, '-')}.png`);
  await window.session.picture().then((png) => writeFileSync(path, png), () => undefined);
}

/** Opens the window, does the chain that `steps` makes for it, closes it. */
async function sitting(title, env, steps) {
  const window = await Window.open(program, { env, folder });
  await chain(title, steps(window), { window });
  await window.close();
}

async function main() {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) if (/\.(png|log)$/.test(name)) rmSync(join(folder, name));
  const work = join(folder, 'work');
  rmSync(work, { recursive: true, force: true });
  mkdirSync(join(work, 'home'), { recursive: true });

  const place = demo(tickmark, work);
  const env = environment(work, await display(folder), { TICKMARK_PICK_PATH: place.whole });
  await sitting('A review, from an empty vault to the report', env, (window) => review(window, place));
  await sitting('The vault opened again, and hostile text', env, (window) => hostile(window, place));
  await chain('Seen from outside', outside({ program, tickmark, folder, env }, place), { each: true });
}

/** However this ends, nothing that it started is left. */
async function finish(code) {
  await endAll();
  console.log(`Took ${Math.round((Date.now() - began) / 1000)} s`);
  console.log(`${passed} passed, ${failed} failed`);
  await pause(0);
  process.exit(code);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => { failed += 1; console.log(`Stopped by ${signal}`); void finish(1); });
try {
  await main();
} catch (error) {
  failed += 1;
  console.log(error?.stack ?? error);
}
await finish(failed === 0 && passed > 0 ? 0 : 1);
