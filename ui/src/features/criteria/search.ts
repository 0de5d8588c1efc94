import type { CriterionView } from '../../ipc/generated/contract';

/** Criteria that hold every typed word. */
export function criteriaWith(list: CriterionView[], typed: string): CriterionView[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return list.filter((one) => {
    const text = `${one.framework} ${one.clause} ${one.duty} ${one.shows} ${one.id}`.toLowerCase();
    return words.every((w) => text.includes(w));
  });
}

/** As it stands in a finding. */
export function cited(one: CriterionView): string {
  return `${one.framework} ${one.clause}: ${one.duty}`;
}
