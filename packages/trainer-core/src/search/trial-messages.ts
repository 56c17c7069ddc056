import { withNumbers } from './journal.js';
import type { TrialReport } from './trial.js';

/** What a trial's process says, one line of JSON each. */
export type TrialMessage =
  | ({ readonly kind: 'report' } & TrialReport)
  | { readonly kind: 'failed'; readonly message: string };

/** A line as a message, or null: anything else that a process prints is for people. */
export function parseMessage(line: string): TrialMessage | null {
  if (!line.startsWith('{')) return null;
  let value: Partial<Record<string, unknown>>;
  try {
    value = JSON.parse(line) as typeof value; // an object: it starts with a brace
  } catch {
    return null;
  }
  const { kind, budget, scores, message } = value;
  if (kind === 'failed' && typeof message === 'string') return { kind, message };
  if (kind !== 'report' || typeof budget !== 'number') return null;
  if (typeof scores !== 'object' || scores === null) return null;
  return { kind, ...withNumbers({ budget, scores: scores as Record<string, number> }) };
}
