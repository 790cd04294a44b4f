/** Whether what an insight predicted came true. */
import { normalQuantile } from './distributions.js';
import type { PredictedImpact } from './insight-impact.js';

export const outcomeVersion = 1;

/** What became of the figure that a prediction speaks of. */
export interface Measured {
  /** Null where it cannot be told. */
  value: number | null;
  /** Its standard error; 0 where it was counted and not estimated. */
  error: number;
  /** Days, releases or contents that it rests on. */
  points: number;
  /** Why it cannot be told; null where it can. */
  reason: string | null;
}

export type OutcomeVerdict = 'held' | 'partly' | 'missed' | 'cannot_tell';

const reach = normalQuantile(0.975);

/**
 * `held`: the figure lies within the predicted limits, widened by its own error, and nearer to what was expected
 * than to the baseline. `partly`: within the limits, or on the predicted side of the baseline. `missed`: neither.
 * A prediction that is no different from its baseline has no side.
 */
export function judgeOutcome(predicted: PredictedImpact, { value, error }: Measured): OutcomeVerdict {
  if (value === null || !Number.isFinite(value)) return 'cannot_tell';
  const { low, expected, high, baseline } = predicted;
  const isWithin = value >= low - reach * error && value <= high + reach * error;
  if (isWithin && Math.abs(value - expected) <= Math.abs(value - baseline)) return 'held';
  const isOnItsSide = expected !== baseline && Math.sign(value - baseline) === Math.sign(expected - baseline);
  return isWithin || isOnItsSide ? 'partly' : 'missed';
}

/** How many predictions were checked, and what came of them. */
export interface TrackRecord {
  checked: number;
  held: number;
  partly: number;
  missed: number;
  cannot_tell: number;
  /** Held over those that could be told, with Wilson's interval (1927); null where none could. */
  held_share: { value: number; low: number; high: number } | null;
}

/** Counts verdicts. */
export function trackRecord(verdicts: readonly OutcomeVerdict[]): TrackRecord {
  const count = (verdict: OutcomeVerdict): number => verdicts.filter((one) => one === verdict).length;
  const told = verdicts.length - count('cannot_tell');
  return {
    checked: verdicts.length,
    held: count('held'),
    partly: count('partly'),
    missed: count('missed'),
    cannot_tell: count('cannot_tell'),
    held_share: told === 0 ? null : wilson(count('held'), told),
  };
}

function wilson(successes: number, trials: number): { value: number; low: number; high: number } {
  const value = successes / trials;
  const square = reach * reach;
  const centre = (value + square / (2 * trials)) / (1 + square / trials);
  const half =
    (reach * Math.sqrt((value * (1 - value)) / trials + square / (4 * trials * trials))) /
    (1 + square / trials);
  return { value, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
