import type { BundleRow } from '../../ipc/generated/contract';

export type ClaimName = 'integrity' | 'authenticity' | 'completeness' | 'time';
export interface ClaimOf { bundle: BundleRow; claim: ClaimName; outcome: BundleRow['verdict'] }

const NAMES: ClaimName[] = ['integrity', 'authenticity', 'completeness', 'time'];

/** Every claim of every bundle, proven ones apart; refuted before not proven. */
export function split(bundles: BundleRow[]): { proven: ClaimOf[]; not: ClaimOf[] } {
  const all = bundles.flatMap((bundle) => NAMES.map((claim) => ({ bundle, claim, outcome: bundle[claim] })));
  const rank = { refuted: 0, not_proven: 1, proven: 2 } as const;
  return {
    proven: all.filter((c) => c.outcome === 'proven'),
    not: all.filter((c) => c.outcome !== 'proven').sort((a, b) => rank[a.outcome] - rank[b.outcome]),
  };
}

/** One line a bundle and outcome: its claims together. */
export function lines(claims: ClaimOf[]): { bundle: BundleRow; outcome: BundleRow['verdict']; claims: ClaimName[] }[] {
  const found: { bundle: BundleRow; outcome: BundleRow['verdict']; claims: ClaimName[] }[] = [];
  for (const c of claims) {
    const line = found.find((l) => l.bundle.id === c.bundle.id && l.outcome === c.outcome);
    if (line) line.claims.push(c.claim);
    else found.push({ bundle: c.bundle, outcome: c.outcome, claims: [c.claim] });
  }
  return found;
}
