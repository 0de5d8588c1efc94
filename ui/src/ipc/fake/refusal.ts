import type { ErrorView } from '../generated/contract';

/** How the desk says no. */
export function refusal(code: string, message: string): ErrorView {
  return { schema: 'tickmark.error/1', code, message, hints: [] };
}
