import { describe, expect, it } from 'vitest';
import { atMost, planSize, upperCount } from '../../ipc/fake/figures';
import { asRate, chanceAt, plot, ticks, typedRate } from './curve';

const curve = [{ rate: 0, chance: 1 }, { rate: 0.05, chance: 0.05 }, { rate: 0.12, chance: 0 }];
const frame = { width: 400, height: 300, left: 30, right: 10, top: 10, bottom: 20 };

describe('the curve', () => {
  it('reads chances between points', () => {
    expect(chanceAt(curve, 0.025)).toBeCloseTo(0.525);
    expect(chanceAt(curve, 0.5)).toBe(0);
  });
  it('puts the readings at expected, middle and tolerable', () => {
    const p = plot(curve, 0.01, 0.05, frame);
    expect(p.marks.map((m) => m.n)).toEqual([1, 2, 3]);
    expect(p.marks[2]?.x).toBeCloseTo(p.tolerableX);
    expect(p.marks[2]?.label).toBe('5 in 100');
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
