import { expect, it } from 'vitest';
import { clockFrom } from './clock';

it('keeps the zone that the core told', () => {
  expect(clockFrom('2026-11-23T16:04:00+01:00')()).toMatch(/^2026-11-23T16:04:0\d\+01:00$/);
  expect(clockFrom('2026-11-23T00:30:00-05:30')()).toMatch(/^2026-11-23T00:30:0\d-05:30$/);
  expect(clockFrom('no time')()).toBe('no time');
});
