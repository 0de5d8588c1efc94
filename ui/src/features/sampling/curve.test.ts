import { describe, expect, it } from 'vitest';
import { atMost, planSize, upperCount } from '../../ipc/fake/figures';
import { asRate, chanceAt, plot, said, ticks, typedRate } from './curve';

const curve = [{ rate: 0, chance: 1 }, { rate: 0.05, chance: 0.05 }, { rate: 0.12, chance: 0 }];
const frame = { width: 400, height: 300, left: 30, right: 10, top: 10, bottom: 20 };

describe('the curve', () => {
  it('reads chances between points', () => {
    expect(chanceAt(curve, 0.025)).toBeCloseTo(0.525);
    expect(chanceAt(curve, 0.5)).toBe(0);
  });
  it('puts the readings where they say, with the figures that they say', () => {
    const readings = ['If 1\u202f% of the units deviated, 96 draws in 100 would support.', 'If 3\u202f% deviated, 31 draws in 100 would.', 'If 5\u202f% deviated, 4 draws in 100 would still.'];
    expect(said(readings)).toEqual([{ rate: 0.01, inHundred: 96 }, { rate: 0.03, inHundred: 31 }, { rate: 0.05, inHundred: 4 }]);
    expect(said(['nothing'])).toEqual([]);
    const p = plot(curve, readings, 0.05, frame);
    expect(p.marks.map((m) => m.n)).toEqual([1, 2, 3]);
    expect(p.marks.map((m) => m.filled)).toEqual([false, false, true]);
    expect(p.marks[2]?.x).toBeCloseTo(p.tolerableX);
    expect(p.marks[2]?.label).toBe('4 in 100');
    expect(plot(curve, readings.slice(1), 0.05, frame).marks.map((m) => m.filled)).toEqual([false, true]);
    expect(p.path.startsWith('M30.0 10.0')).toBe(true);
  });
  it('takes round ticks', () => {
    expect(ticks(0.12)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(ticks(0.5).length).toBeLessThanOrEqual(13);
  });
  it('reads rates as typed', () => {
    expect(typedRate('5%')).toBe(0.05);
    expect(typedRate('five')).toBeNull();
    expect(asRate('5')).toBe('5%');
    expect(asRate('5%')).toBe('5%');
    expect(asRate('five')).toBe('five');
  });
});

describe('the figures of the fake', () => {
  it('are those of the pictures', () => {
    expect(planSize(9214, 0.05, 0.01, 0.95)).toEqual({ sample: 93, acceptable: 1 });
    expect(planSize(9214, 0.03, 0.01, 0.95)).toEqual({ sample: 254, acceptable: 3 });
    expect(planSize(9214, 0.07, 0.01, 0.95)).toEqual({ sample: 66, acceptable: 1 });
    expect(Math.round(atMost(1, 93, 92, 9214) * 100)).toBe(76);
    expect(upperCount(36, 1, 9214, 0.95) / 9214).toBeCloseTo(0.125, 2);
  });
});
