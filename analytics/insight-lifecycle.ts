/** What becomes of an insight when a run finds it, or does not: decisions of people outlive the runs. */
import { daysBetween } from './calendar.js';
import type { PredictedImpact } from './insight-impact.js';

export type InsightStatus = 'open' | 'accepted' | 'dismissed' | 'snoozed' | 'outdated';

/** What an insight rested on. */
export interface InsightEvidence {
  /** 0..1. */
  rank: number;
  impact: PredictedImpact | null;
}

export interface KnownInsight {
  status: InsightStatus;
  /** ISO day; null but for snoozed ones. */
  snoozedUntil: string | null;
  /** The last decision of a person, with the evidence as it stood; null where none is known. */
  decision: { day: string; evidence: InsightEvidence } | null;
}

export interface InsightStep {
  status: InsightStatus;
  /** What happened to it; null where nothing did. */
  action: 'found' | 'woken' | 'reopened' | 'outdated' | null;
}

/** A dismissed insight stays away for so long, unless its evidence changes. */
export const dismissedDays = 90;
/** Without figures, evidence has changed when the rank is this much higher, as a factor and by itself. */
const rankFactor = 1.5;
const rankStep = 0.1;

/**
 * The insight's status now that a run found it again.
 * @param known null for one that was never found before.
 * @param today ISO day.
 */
export function stepWhenFound(
  known: KnownInsight | null,
  found: InsightEvidence,
  today: string,
): InsightStep {
  if (known === null) return { status: 'open', action: 'found' };
  const { status, snoozedUntil, decision } = known;
  switch (status) {
    case 'outdated':
      return { status: 'open', action: 'reopened' };
    case 'snoozed':
      return snoozedUntil !== null && snoozedUntil > today
        ? { status, action: null }
        : { status: 'open', action: 'woken' };
    case 'dismissed':
      return decision !== null &&
        (daysBetween(decision.day, today) >= dismissedDays || hasChanged(decision.evidence, found))
        ? { status: 'open', action: 'reopened' }
        : { status, action: null };
    default:
      return { status, action: null };
  }
}

/** The status of an insight that a run did not find: open ones are over, snoozed ones once their day has come. */
export function stepWhenMissing({ status, snoozedUntil }: KnownInsight, today: string): InsightStep {
  const isOver =
    status === 'open' || (status === 'snoozed' && (snoozedUntil === null || snoozedUntil <= today));
  return isOver ? { status: 'outdated', action: 'outdated' } : { status, action: null };
}

/**
 * Whether the evidence is materially another: each expected impact lies outside of the other's interval; without
 * figures on both sides, the rank has risen by half and by 0.1.
 */
export function hasChanged(then: InsightEvidence, now: InsightEvidence): boolean {
  if (then.impact !== null && now.impact !== null && then.impact.unit === now.impact.unit) {
    return isOutside(then.impact.expected, now.impact) && isOutside(now.impact.expected, then.impact);
  }
  return now.rank >= rankFactor * then.rank && now.rank >= then.rank + rankStep;
}

function isOutside(value: number, { low, high }: PredictedImpact): boolean {
  return value < low || value > high;
}
