import type { DrawView, PlanView, UnitResult, UnitView } from '../../ipc/generated/contract';

/** The results in the order of their keys 1 to 4. */
export const RESULTS: readonly UnitResult[] = ['pass', 'deviation', 'not_applicable', 'could_not_test'];

export const needsNote = (result: UnitResult | null): boolean => result !== null && result !== 'pass';

/** The next unit without a result after an ordinal, going round once; null when all have one. */
export function nextOpen(draw: DrawView, after: number): number | null {
  const open = draw.units.filter((u) => u.result === null).map((u) => u.ordinal);
  return open.find((o) => o > after) ?? open[0] ?? null;
}

/** The unit to begin with: the first open one, else the first. */
export function firstUnit(draw: DrawView): number {
  return nextOpen(draw, 0) ?? draw.units[0]?.ordinal ?? 1;
}

/** The part of the queue around a unit. */
export function around(units: UnitView[], ordinal: number, most = 7): UnitView[] {
  const at = Math.max(0, units.findIndex((u) => u.ordinal === ordinal));
  const first = Math.max(0, Math.min(at - 4, units.length - most));
  return units.slice(first, first + most);
}

/** Unit's evidence of a plan, for a finding. */
export function unitEvidence(plan: PlanView, unit: UnitView) {
  return { kind: 'unit' as const, bundle: unit.bundle, position: unit.position, record_id: unit.record_id, check: null, plan: plan.row.id, ordinal: unit.ordinal };
}

/** Points of the running limit, in the box of a small figure. */
export function limitPath(running: number[], of: number, most: number, width: number, height: number): string {
  const shown = running.map((v, i) => ({ v, i })).filter((p) => p.v <= most);
  return shown.map((p, k) => `${k === 0 ? 'M' : 'L'}${(((p.i + 1) / Math.max(1, of)) * width).toFixed(1)} ${((1 - p.v / most) * height).toFixed(1)}`).join('');
}
