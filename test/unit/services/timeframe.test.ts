import { describe, expect, it } from 'vitest';
import { parseTimeframe, timeframePeriod, UnknownTimeframeError } from '../../../services/timeframe.js';
import { periodDays } from '../../../services/reading-period.js';

const now = new Date('2026-03-04T12:00:00Z');

describe('a timeframe', () => {
  it.each([
    ['24h', '2026-03-04', 1],
    ['7D', '2026-02-26', 7],
    [' 28d ', '2026-02-05', 28],
    ['last_30_days', '2026-02-03', 30],
    ['90d', '2025-12-05', 90],
    ['1y', '2025-03-05', 365],
    ['mtd', '2026-03-01', 4],
  ])('%s begins on %s', (told, fromDay, days) => {
    expect(periodDays(timeframePeriod(told, now))).toEqual({ fromDay, toDay: '2026-03-05', days });
  });

  it('is refused with those that there are', () => {
    expect(() => parseTimeframe('2w')).toThrow(UnknownTimeframeError);
    expect(() => parseTimeframe('2w')).toThrow(/24h, 7d, 28d, 30d, 90d, 1y, mtd/);
  });
});
