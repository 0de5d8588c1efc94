import type { EvidenceRef, NextStep } from '../ipc/generated/contract';

/** What a finding starts from when it is written beside its evidence. */
export interface FindingStart {
  title?: string;
  criterion?: string;
  condition?: string;
  evidence: EvidenceRef[];
}

/** Every place of the window. */
export type Place =
  | { screen: 'overview' }
  | { screen: 'bundles'; importing?: boolean }
  | { screen: 'bundle'; id: string }
  | { screen: 'records'; bundle?: string | null; query?: string; position?: number; at?: string }
  | { screen: 'sampling' }
  | { screen: 'plan-new'; bundle?: string | null; query?: string }
  | { screen: 'plan'; id: string; ordinal?: number }
  | { screen: 'findings'; id?: string; start?: FindingStart }
  | { screen: 'controls' }
  | { screen: 'reports' }
  | { screen: 'keys'; text?: string }
  | { screen: 'activity'; seq?: number };

export type Tab = 'overview' | 'bundles' | 'records' | 'sampling' | 'findings' | 'controls' | 'reports' | 'keys' | 'activity';

/** The index tabs, in the order of Alt 1 to 9. */
export const TABS: readonly Tab[] = ['overview', 'bundles', 'records', 'sampling', 'findings', 'controls', 'reports', 'keys', 'activity'];

export function tabOf(place: Place): Tab {
  switch (place.screen) {
    case 'bundle': return 'bundles';
    case 'plan':
    case 'plan-new': return 'sampling';
    default: return place.screen;
  }
}

/** Where a next step of the core leads; an unknown word leads to the overview. */
export function placeOfStep(step: NextStep): Place {
  const id = step.target;
  switch (step.screen) {
    case 'bundles': return id ? { screen: 'bundle', id } : { screen: 'bundles' };
    case 'records': return { screen: 'records', bundle: id };
    case 'sampling': return id ? { screen: 'plan', id } : { screen: 'sampling' };
    case 'findings': return id ? { screen: 'findings', id } : { screen: 'findings' };
    case 'controls': return { screen: 'controls' };
    case 'reports': return { screen: 'reports' };
    case 'keys': return { screen: 'keys' };
    case 'activity': return { screen: 'activity' };
    default: return { screen: 'overview' };
  }
}

class Where {
  now = $state.raw<Place>({ screen: 'overview' });
  /** Counts moves, so that a page starts anew when it is asked for again. */
  turn = $state(0);
  #trail: Place[] = [];

  go(place: Place): void {
    this.#trail.push(this.now);
    if (this.#trail.length > 50) this.#trail.shift();
    this.now = place;
    this.turn += 1;
  }

  back(): void {
    const before = this.#trail.pop();
    if (!before) return;
    this.now = before;
    this.turn += 1;
  }

  forget(): void {
    this.#trail = [];
    this.now = { screen: 'overview' };
    this.turn += 1;
  }
}

export const where = new Where();
export const go = (place: Place): void => where.go(place);
