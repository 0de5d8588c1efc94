import { describe, expect, it } from 'vitest';
import { periodSaid, typedPeriod } from './period';

describe('a review period', () => {
  it('is two days or instants, or nothing', () => {
    expect(typedPeriod(' 2026-07-01 ', '2026-09-30').period).toEqual({ from: '2026-07-01', to: '2026-09-30' });
    expect(typedPeriod('2026-07-01+02:00', '2026-10-01T00:00:00+02:00').period).not.toBeNull();
    expect(typedPeriod('', ' ')).toEqual({ period: null, wrong: { from: null, to: null } });
  });
  it('says which end is wrong', () => {
    expect(typedPeriod('2026-07-01', '').wrong).toEqual({ from: null, to: 'missing' });
    expect(typedPeriod('', '2026-07-01').wrong).toEqual({ from: 'missing', to: null });
    expect(typedPeriod('1 July', '2026-7-30').wrong).toEqual({ from: 'shape', to: 'shape' });
    expect(typedPeriod('2026-07-01T00:00', '2026-07-02').wrong.from).toBe('shape');
  });
  it('is said as every other time', () => {
    expect(periodSaid({ from: '2026-07-01', to: '2026-09-30' })).toBe('1 Jul 2026 to 30 Sep 2026');
    expect(periodSaid({ from: '2026-07-01+02:00', to: '2026-07-02Z' })).toBe('1 Jul 2026 +02:00 to 2 Jul 2026 UTC');
    expect(periodSaid({ from: '2026-07-01T00:00:00Z', to: '2026-07-01T06:30:15+02:00' })).toBe('1 Jul 2026, 00:00 UTC to 1 Jul 2026, 06:30:15 +02:00');
  });
});
