import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../../analytics/calendar.js';
import type { PredictedImpact } from '../../../analytics/insight-impact.js';
import {
  dismissedDays,
  hasChanged,
  stepWhenFound,
  stepWhenMissing,
  type InsightEvidence,
  type KnownInsight,
} from '../../../analytics/insight-lifecycle.js';

const today = '2026-06-30';
const impact = (expected: number, half = 0.1): PredictedImpact => ({
  ...{ metric: 'views', low: expected - half, expected, high: expected + half },
  ...{ unit: 'relative change', horizon_days: 30, baseline: 0 },
});
const evidence = (expected: number | null, rank = 0.3): InsightEvidence => ({
  rank,
  impact: expected === null ? null : impact(expected),
});
const known = (status: KnownInsight['status'], rest: Partial<KnownInsight> = {}): KnownInsight => ({
  ...{ status, snoozedUntil: null, decision: null },
  ...rest,
});
const dismissed = (daysAgo: number, then = evidence(0.3)): KnownInsight =>
  known('dismissed', { decision: { day: addDays(today, -daysAgo), evidence: then } });

describe('what becomes of an insight', () => {
  it('is found, found again, and reopened after it was over', () => {
    expect(stepWhenFound(null, evidence(0.3), today)).toEqual({ status: 'open', action: 'found' });
    expect(stepWhenFound(known('open'), evidence(0.3), today)).toEqual({ status: 'open', action: null });
    expect(stepWhenFound(known('outdated'), evidence(0.3), today)).toEqual({
      status: 'open',
      action: 'reopened',
    });
  });

  it('keeps a dismissed one away for 90 days', () => {
    expect(stepWhenFound(dismissed(dismissedDays - 1), evidence(0.3), today)).toEqual({
      ...{ status: 'dismissed', action: null },
    });
    expect(stepWhenFound(dismissed(dismissedDays), evidence(0.3), today)).toEqual({
      ...{ status: 'open', action: 'reopened' },
    });
    // Dismissed nobody knows when: it stays.
    expect(stepWhenFound(known('dismissed'), evidence(0.9), today).status).toBe('dismissed');
  });

  it('brings a dismissed one back at once when its evidence is another', () => {
    expect(stepWhenFound(dismissed(1), evidence(0.35), today).status).toBe('dismissed');
    expect(stepWhenFound(dismissed(1), evidence(0.6), today)).toEqual({ status: 'open', action: 'reopened' });
    expect(stepWhenFound(dismissed(1), evidence(-0.3), today).status).toBe('open');
  });

  it('brings a snoozed one back on its day', () => {
    const until = (day: string): KnownInsight => known('snoozed', { snoozedUntil: day });
    expect(stepWhenFound(until(addDays(today, 1)), evidence(0.9), today)).toEqual({
      ...{ status: 'snoozed', action: null },
    });
    expect(stepWhenFound(until(today), evidence(0.3), today)).toEqual({ status: 'open', action: 'woken' });
    expect(stepWhenMissing(until(addDays(today, 1)), today).action).toBeNull();
    expect(stepWhenMissing(until(today), today)).toEqual({ status: 'outdated', action: 'outdated' });
  });

  it('follows an accepted one, and lets decisions stand that are found no more', () => {
    expect(stepWhenFound(known('accepted'), evidence(0.9), today)).toEqual({
      status: 'accepted',
      action: null,
    });
    expect(stepWhenMissing(known('open'), today)).toEqual({ status: 'outdated', action: 'outdated' });
    for (const status of ['accepted', 'dismissed', 'outdated'] as const) {
      expect(stepWhenMissing(known(status), today)).toEqual({ status, action: null });
    }
  });
});

describe('a material change of evidence', () => {
  it('needs each expected impact outside of the other’s interval', () => {
    const wide: InsightEvidence = { rank: 0.3, impact: impact(0.3, 1) };
    expect(hasChanged(wide, evidence(0.6))).toBe(false);
    expect(hasChanged(evidence(0.3), evidence(0.41))).toBe(true);
  });

  it('goes by the rank without figures, upwards alone', () => {
    expect(hasChanged(evidence(null, 0.2), evidence(null, 0.29))).toBe(false);
    expect(hasChanged(evidence(null, 0.2), evidence(null, 0.31))).toBe(true);
    expect(hasChanged(evidence(null, 0.02), evidence(null, 0.06))).toBe(false);
    expect(hasChanged(evidence(null, 0.6), evidence(null, 0.1))).toBe(false);
    expect(hasChanged(evidence(0.3, 0.2), evidence(null, 0.9))).toBe(true);
  });

  it('is none of the same evidence, and the same both ways where there are figures', () => {
    const number = fc.double({ min: -5, max: 5, noNaN: true });
    const half = fc.double({ min: 0, max: 3, noNaN: true });
    fc.assert(
      fc.property(number, half, number, half, (a, halfA, b, halfB) => {
        const one = { rank: 0.5, impact: impact(a, halfA) };
        const other = { rank: 0.1, impact: impact(b, halfB) };
        expect(hasChanged(one, one)).toBe(false);
        expect(hasChanged(one, other)).toBe(hasChanged(other, one));
      }),
    );
  });
});
