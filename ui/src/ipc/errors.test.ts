import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { asError, ERRORS, errorRow } from './errors';

const source = new URL('../../../crates/workbench/src/error.rs', import.meta.url);

describe('the error table', () => {
  it('has exactly the codes that the workbench knows', () => {
    expect(existsSync(source)).toBe(true);
    const codes = [...readFileSync(source, 'utf8').matchAll(/Code::\w+ => "([a-z_]+)"/g)].map((m) => m[1]);
    expect(codes.length).toBeGreaterThan(10);
    expect(Object.keys(ERRORS).sort()).toEqual(codes.sort());
  });

  it('says a whole sentence and a next step for each', () => {
    for (const row of Object.values(ERRORS)) {
      expect(row.say).toMatch(/^[A-Z].*\.$/);
      expect(row.next).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('reads anything that was thrown', () => {
    expect(asError(new Error('x')).code).toBe('internal');
    expect(asError({ schema: 's', code: 'limit', message: 'm', hints: [] }).code).toBe('limit');
    expect(asError('text').message).toBe('text');
    expect(errorRow('no_such_code')).toBe(ERRORS.internal);
  });
});
