import { describe, expect, it } from 'vitest';
import { rollingZ, sameWeekdayAlerts } from '../../../bench/baselines/anomalies.js';
import { holtWinters, seasonalNaive } from '../../../bench/baselines/forecasts.js';
import { autocorrelationPeak } from '../../../bench/baselines/periods.js';
import { binarySegmentation, leastSquaresPelt } from '../../../bench/baselines/segmentations.js';

const wiggle = (i: number): number => ((i * 37) % 11) / 11 - 0.5;

describe('the baselines of the bench', () => {
  it('forecast a season: the last one, or its level with a trend', () => {
    const values = Float64Array.from({ length: 56 }, (_, i) => 100 + i + 20 * ((i % 7) - 3));
    const naive = seasonalNaive(values, 7, 8);
    expect(Array.from(naive.mean)).toEqual([...values.subarray(49), values[49]]);
    const holt = holtWinters(values, 7, 7);
    for (let k = 0; k < 7; k++) {
      expect(Math.abs(holt.mean[k]! - (156 + k + 20 * (k - 3)))).toBeLessThan(1);
      expect(holt.lo95[k]!).toBeLessThanOrEqual(holt.lo80[k]!);
      expect(holt.hi80[k]!).toBeLessThanOrEqual(holt.hi95[k]!);
    }
  });

  it('find a step, and nothing in a constant series', () => {
    const step = Float64Array.from({ length: 60 }, (_, i) => (i < 25 ? 0 : 8) + wiggle(i));
    const flat = new Float64Array(40).fill(3);
    for (const find of [leastSquaresPelt, binarySegmentation]) {
      expect(find(step)).toEqual([25]);
      expect(find(flat)).toEqual([]);
    }
  });

  it('name a period by its autocorrelation, and none of a straight line', () => {
    const wave = Float64Array.from({ length: 90 }, (_, i) => 0.5 * i + [0, 3, 9, 2, 1][i % 5]! + wiggle(i));
    expect(autocorrelationPeak(wave)).toBe(5);
    expect(autocorrelationPeak(Float64Array.from({ length: 60 }, (_, i) => 3 * i))).toBeNull();
  });

  it('score a spike, and alert on one once a week', () => {
    const spiked = Float64Array.from({ length: 120 }, (_, i) => 50 + 5 * wiggle(i) + (i === 90 ? 500 : 0));
    const scores = rollingZ(spiked, 50);
    expect(scores.indexOf(Math.max(...scores))).toBe(90);
    expect(sameWeekdayAlerts(spiked, 7)).toEqual([90]);
  });
});
