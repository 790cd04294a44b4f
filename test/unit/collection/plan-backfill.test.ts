import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, eachDay } from '../../../analytics/calendar.js';
import type { CoverageState } from '../../../contracts/records.js';
import {
  planDays,
  quotaUnitsOf,
  skipReasons,
  windowsOf,
  type BackfillPlanRequest,
} from '../../../services/plan-backfill.js';
import type { ReportCapability } from '../../../sources/source.js';

const range: ReportCapability = { history: 'range', dayZone: 'UTC', lagDays: 0, finalAfterDays: 0 };

function plan(more: Partial<BackfillPlanRequest>): (string | null)[] {
  return planDays({
    window: { from: '2026-01-01', to: '2026-01-06' },
    mode: 'missing',
    capability: range,
    zone: 'UTC',
    now: new Date('2026-03-01T12:00:00Z'),
    coverage: new Map(),
    firstDay: null,
    ...more,
  }).map(({ skipReason }) => skipReason);
}

function covered(...states: CoverageState[]): ReadonlyMap<string, CoverageState> {
  return new Map(states.map((state, index) => [addDays('2026-01-01', index), state]));
}

describe('planDays', () => {
  const coverage = covered('final', 'failed', 'provisional', 'unavailable', 'missing');

  it('takes what is missing, failed, or provisional and settled by now', () => {
    expect(plan({ coverage })).toEqual([skipReasons.final, null, null, skipReasons.final, null]);
  });

  it('takes failed days alone, or all of them, when asked to', () => {
    const { notFailed } = skipReasons;
    expect(plan({ coverage, mode: 'failed' })).toEqual([notFailed, null, notFailed, notFailed, notFailed]);
    expect(plan({ coverage, mode: 'all' })).toEqual([null, null, null, null, null]);
  });

  it('leaves out what exists only for now, what is to come, and what was before the first publication', () => {
    const now = new Date('2026-01-03T12:00:00Z');
    const { nowOnly, future, unpublished } = skipReasons;
    const nowCapability: ReportCapability = { ...range, history: 'now' };
    expect(plan({ capability: nowCapability, now })).toEqual([nowOnly, nowOnly, null, future, future]);
    expect(plan({ now })).toEqual([null, null, null, future, future]);
    expect(plan({ firstDay: '2026-01-03' })).toEqual([unpublished, unpublished, null, null, null]);
  });

  it('waits for a report that lags, and lets a provisional day be until it can be settled', () => {
    const capability = { ...range, lagDays: 3, finalAfterDays: 3 };
    const now = new Date('2026-01-06T12:00:00Z');
    expect(plan({ capability, now })).toEqual([null, null, null, skipReasons.lag, skipReasons.lag]);
    expect(plan({ capability, now, coverage: covered('final', 'provisional', 'provisional') })).toEqual([
      skipReasons.final,
      null,
      skipReasons.collected,
      skipReasons.lag,
      skipReasons.lag,
    ]);
  });

  it('takes the day in the account’s zone for today', () => {
    const now = new Date('2026-01-03T03:00:00Z');
    const { future } = skipReasons;
    expect(plan({ now, zone: 'America/Los_Angeles' })).toEqual([null, null, future, future, future]);
  });

  it('reads at the moments of a day, and leaves out days without any', () => {
    const moments = new Map([['2026-01-02', ['2026-01-02T17:25:00.123456Z']]]);
    const { noMoments } = skipReasons;
    expect(plan({ moments })).toEqual([noMoments, null, noMoments, noMoments, noMoments]);
  });
});

describe('windowsOf', () => {
  const days = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 40 });

  it('covers exactly the days given, each once, in bounded stretches, whichever way round', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 1, max: 9 }), fc.boolean(), (offsets, most, newestFirst) => {
        const sorted = [...offsets].sort((a, b) => (newestFirst ? b - a : a - b));
        const given = sorted.map((offset) => ({ day: addDays('2026-01-01', offset), moments: [] }));
        const windows = windowsOf(given, most);
        const covered = windows.flatMap(({ window }) => eachDay(window.from, window.to));
        expect([...covered].sort()).toEqual(given.map(({ day }) => day).sort());
        for (const { window } of windows)
          expect(eachDay(window.from, window.to).length).toBeLessThanOrEqual(most);
      }),
    );
  });

  it('keeps the moments of a stretch in order of time', () => {
    const newestFirst = [
      { day: '2026-01-02', moments: ['2026-01-02T10:00:00Z'] },
      { day: '2026-01-01', moments: ['2026-01-01T10:00:00Z', '2026-01-01T20:00:00Z'] },
    ];
    expect(windowsOf(newestFirst, 7)).toEqual([
      {
        window: { from: '2026-01-01', to: '2026-01-03' },
        moments: ['2026-01-01T10:00:00Z', '2026-01-01T20:00:00Z', '2026-01-02T10:00:00Z'],
      },
    ]);
  });
});

describe('quotaUnitsOf', () => {
  const open = eachDay('2026-01-01', '2026-01-15').map((day) => ({ day, skipReason: null, moments: [] }));

  it('counts a call for fifty contents at each reading, and one a window for reports', () => {
    expect(quotaUnitsOf(open, 120, 'counters', 7)).toBe(14 * 3);
    expect(quotaUnitsOf(open, 120, 'daily', 7)).toBe(2);
    expect(quotaUnitsOf([{ ...open[0]!, skipReason: 'final already' }], 120, 'counters', 7)).toBe(0);
    expect(quotaUnitsOf([{ ...open[0]!, moments: ['a', 'b'] }], 50, 'counters', 7)).toBe(2);
  });
});
