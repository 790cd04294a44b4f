import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  benchmarkBand,
  engagementRateOf,
  peerQuantiles,
  peersMissing,
  percentileAmong,
} from '../../../analytics/benchmark.js';
import { expectClose, readGolden } from './golden.js';

const golden = readGolden('ab_tests') as { quantiles: [number[], [number, number, number]][] };
const lists = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 5, maxLength: 60 });

describe('benchmarks', () => {
  it('are NumPy’s quantiles', () => {
    for (const [values, [p30, median, p70]] of golden.quantiles) {
      const found = peerQuantiles(values)!;
      expectClose(found.p30, p30, 1e-14, 1e-9);
      expectClose(found.median, median, 1e-14, 1e-9);
      expectClose(found.p70, p70, 1e-14, 1e-9);
    }
  });

  it('are withheld below five peers, gaps not counting', () => {
    expect(peerQuantiles([1, 2, 3, 4])).toBeNull();
    expect(peerQuantiles([1, 2, 3, 4, Number.NaN, Number.POSITIVE_INFINITY])).toBeNull();
    expect(peersMissing(4)).toBe('needs 1 more content to compare with');
    expect(peersMissing(0)).toBe('needs 5 more contents to compare with');
    expect(peersMissing(5)).toBeNull();
  });

  it('bear constant values and one that towers over the rest', () => {
    expect(peerQuantiles([7, 7, 7, 7, 7])).toEqual({ p30: 7, median: 7, p70: 7 });
    expect(peerQuantiles([0, 0, 0, 0, 1e300])).toEqual({ p30: 0, median: 0, p70: 0 });
    expect(benchmarkBand(7, { p30: 7, median: 7, p70: 7 })).toBe('typical');
  });

  it('do not mind the order, and move with a shift and a scale', () => {
    fc.assert(
      fc.property(lists, (values) => {
        const found = peerQuantiles(values)!;
        expect(peerQuantiles(values.toReversed())).toEqual(found);
        const moved = peerQuantiles(values.map((value) => 2 * value + 1_024))!;
        expectClose(moved.p30, 2 * found.p30 + 1_024, 1e-12, 1e9);
        expect(found.p30).toBeLessThanOrEqual(found.median);
        expect(found.median).toBeLessThanOrEqual(found.p70);
      }),
    );
  });

  it('agree in band and percentile', () => {
    fc.assert(
      fc.property(lists, fc.double({ min: -2e9, max: 2e9, noNaN: true }), (peers, value) => {
        const percentile = percentileAmong(value, peers);
        const band = benchmarkBand(value, peerQuantiles(peers)!);
        if (band === 'below') expect(percentile).toBeLessThanOrEqual(0.5);
        if (band === 'above') expect(percentile).toBeGreaterThanOrEqual(0.5);
        expect(
          percentileAmong(
            -value,
            peers.map((peer) => -peer),
          ),
        ).toBeCloseTo(1 - percentile, 12);
      }),
    );
    expect(percentileAmong(3, [1, 2, 3, 4])).toBe(0.625);
    expect(percentileAmong(3, [])).toBeNaN();
  });

  it('have a rate of engagement where its parts are told', () => {
    const rate = (values: Record<string, number>) => engagementRateOf(new Map(Object.entries(values)));
    expect(rate({ views: 1_000, likes: 40, comments: 8, shares: 2 })).toBe(0.05);
    expect(rate({ views: 1_000, likes: 40 })).toBe(0.04);
    expect(rate({ views: 1_000 })).toBeNull();
    expect(rate({ views: 0, likes: 3 })).toBeNull();
    expect(rate({ streams: 500, saves: 10 })).toBe(0.02);
    expect(rate({ streams: 500 })).toBeNull();
    expect(rate({})).toBeNull();
  });
});
