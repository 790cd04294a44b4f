import { describe, expect, it } from 'vitest';
import { QuotaMeter } from '../../../sandbox/quota.js';

describe('the quota meter', () => {
  it('keeps projects and buckets apart and books nothing past the limit', () => {
    const meter = new QuotaMeter(3, () => new Date('2026-01-05T12:00:00Z'));
    expect(meter.charge('a', 'data', 2)).toBe(true);
    expect(meter.charge('a', 'data', 2)).toBe(false);
    expect(meter.charge('a', 'data', 1)).toBe(true);
    expect(meter.charge('a', 'batchGetStats', 3)).toBe(true);
    expect(meter.charge('b', 'data', 3)).toBe(true);
    expect(meter.today()).toEqual({ 'a data': 3, 'a batchGetStats': 3, 'b data': 3 });
  });

  it.each([
    ['winter', '2026-01-05T07:59:59Z', '2026-01-05T08:00:00Z'],
    ['summer', '2026-07-05T06:59:59Z', '2026-07-05T07:00:00Z'],
    ['the day of 23 hours', '2026-03-09T06:59:59Z', '2026-03-09T07:00:00Z'],
    ['the day of 25 hours', '2026-11-02T07:59:59Z', '2026-11-02T08:00:00Z'],
  ])('is full again at midnight in Los Angeles: %s', (_season, before, after) => {
    let now = new Date(before);
    const meter = new QuotaMeter(1, () => now);
    expect(meter.charge('a', 'data', 1)).toBe(true);
    expect(meter.charge('a', 'data', 1)).toBe(false);
    now = new Date(after);
    expect(meter.today()).toEqual({});
    expect(meter.charge('a', 'data', 1)).toBe(true);
  });
});
