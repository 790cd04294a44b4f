import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectAnomalies, type AnomalyOptions, type AnomalyResult } from '../../../analytics/anomalies.js';
import { generateViews } from './generated-series.js';
import { gaussian, seeded } from './random.js';

const weekly = [0.8, 0.9, 1, 1, 1.1, 1.3, 0.9];

function detect(values: Float64Array, options?: AnomalyOptions): AnomalyResult {
  const result = detectAnomalies(values, options);
  if ('withheld' in result) throw new Error(result.withheld);
  return result;
}

/** A hundred days of a week's pattern in a tenth of noise. */
function ordinary(seed: number, length = 100): Float64Array {
  const normal = gaussian(seeded(seed));
  return Float64Array.from({ length }, (_, i) =>
    Math.round(2_000 * weekly[i % 7]! * Math.exp(0.1 * normal())),
  );
}

describe('anomalies, seasonal', () => {
  it('finds a spike once and tells what was expected', () => {
    const values = ordinary(1);
    values[60] = values[60]! * 6;
    const { anomalies } = detect(values);
    expect(anomalies).toHaveLength(1);
    const [spike] = anomalies;
    expect(spike).toMatchObject({ index: 60, kind: 'spike', direction: 'up', value: values[60] });
    expect(spike!.expected).toBeGreaterThan(1_400);
    expect(spike!.expected).toBeLessThan(2_800);
    expect(spike!.lower).toBeLessThan(spike!.expected);
    expect(spike!.upper).toBeLessThan(values[60]);
    expect(spike!.score).toBeGreaterThan(5.5);
  });

  it('tells drop, level and silence apart', () => {
    const drop = ordinary(2);
    drop[50] = 100;
    expect(detect(drop).anomalies).toMatchObject([{ index: 50, kind: 'drop', direction: 'down' }]);
    const level = ordinary(3).map((value, i) => (i >= 50 ? value * 5 : value));
    expect(detect(level).anomalies).toMatchObject([{ index: 50, kind: 'level', direction: 'up' }]);
    const silence = ordinary(4).map((value, i) => (i >= 50 && i < 53 ? 0 : value));
    expect(detect(silence).anomalies).toMatchObject([{ index: 50, kind: 'silence', direction: 'down' }]);
  });

  it('is causal: what comes later changes no score', () => {
    const values = ordinary(5);
    values[70] = 50_000;
    const all = detect(values);
    const early = detect(values.subarray(0, 71));
    for (let i = 0; i < 71; i++) expect(early.score[i]).toBe(all.score[i]);
  });

  it('raises nothing for gaps, and nothing across a break of the definition', () => {
    const gaps = ordinary(6);
    gaps.fill(Number.NaN, 40, 60);
    const result = detect(gaps);
    expect(result.anomalies).toEqual([]);
    expect(result.score[45]).toBeNaN();
    const broken = ordinary(7).map((value, i) => (i >= 50 ? value * 4 : value));
    expect(detect(broken).anomalies).toHaveLength(1);
    expect(detect(broken, { breaks: [50] }).anomalies).toEqual([]);
    expect(detect(broken, { breaks: [50, 95] }).score[97]).toBeNaN();
  });

  it('keeps quiet within the refractory window, in the same direction alone', () => {
    const values = ordinary(8);
    values[60] = values[60]! * 8;
    values[63] = values[63]! * 8;
    expect(detect(values).anomalies.map(({ index }) => index)).toEqual([60]);
    expect(detect(values, { refractoryDays: 2 }).anomalies.map(({ index }) => index)).toEqual([60, 63]);
    values[63] = 0;
    expect(detect(values).anomalies.map(({ direction }) => direction)).toEqual(['up', 'down']);
  });

  it('needs 14 points, and says how many are missing', () => {
    expect(detectAnomalies(ordinary(9, 13))).toEqual({ withheld: 'needs 1 more day' });
    expect(detectAnomalies(new Float64Array(30).fill(Number.NaN))).toEqual({
      withheld: 'needs 14 more days',
    });
    const first = detect(ordinary(9, 15));
    expect(first.score[13]).toBeNaN();
    expect(first.score[14]).not.toBeNaN();
    expect(detectAnomalies(ordinary(9, 18), { minPoints: 20 })).toEqual({ withheld: 'needs 2 more days' });
  });

  it('finds what was planted in a year of views', () => {
    let right = 0;
    let wrong = 0;
    let missed = 0;
    const contents = 300;
    for (let seed = 0; seed < contents; seed++) {
      const { values, events } = generateViews(7_000 + seed);
      const found = new Set<number>();
      for (const { index } of detect(values).anomalies) {
        const event = events.findIndex(({ at }) => index >= at && index <= at + 8);
        if (event >= 0) found.add(event);
        else wrong++;
      }
      right += found.size;
      missed += events.length - found.size;
    }
    expect(right / (right + wrong)).toBeGreaterThan(0.88);
    expect(right / (right + missed)).toBeGreaterThan(0.86);
    expect(wrong / contents).toBeLessThan(0.1);
  });

  it('takes degenerate values calmly', () => {
    expect(detect(new Float64Array(60)).anomalies).toEqual([]);
    expect(detect(new Float64Array(60).fill(1e8)).anomalies).toEqual([]);
    expect(detect(ordinary(10).map((value) => value - 1_500)).anomalies).toEqual([]);
    const first = new Float64Array(60);
    first[40] = 500;
    expect(detect(first).anomalies).toMatchObject([{ index: 40, kind: 'spike' }]);
    const flat = new Float64Array(60).fill(-3);
    flat[40] = 2;
    expect(detect(flat).anomalies).toMatchObject([{ index: 40, direction: 'up' }]);
  });

  it('leaves its input alone and orders its bounds', () => {
    const value = fc.oneof(fc.constant(Number.NaN), fc.integer({ min: -10, max: 100_000 }));
    fc.assert(
      fc.property(fc.array(value, { minLength: 30, maxLength: 90 }), (list) => {
        const values = Float64Array.from(list);
        const result = detectAnomalies(values);
        expect(Array.from(values)).toEqual(list);
        if ('withheld' in result) return;
        for (let i = 0; i < values.length; i++) {
          if (Number.isNaN(result.score[i]!)) continue;
          expect(result.lower[i]).toBeLessThanOrEqual(result.expected[i]!);
          expect(result.upper[i]).toBeGreaterThanOrEqual(result.expected[i]!);
          expect(Number.isFinite(result.score[i])).toBe(true);
        }
      }),
    );
  });
});

describe('anomalies, plain', () => {
  const values = Float64Array.from({ length: 20 }, (_, i) => (i === 12 ? 100 : 10 + (i % 2)));

  it('scores by mean and standard deviation', () => {
    const result = detect(values, { mode: 'zscore' });
    expect(result).toMatchObject({ method: 'zscore', threshold: 3 });
    // Mean 15, sample standard deviation √(7,609 / 19) of ten 10s (less one), ten 11s and the 100.
    const mean = values.reduce((sum, value) => sum + value, 0) / 20;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 19);
    expect(result.score[12]).toBeCloseTo((100 - mean) / deviation, 12);
    expect(result.anomalies.map(({ index }) => index)).toEqual([12]);
  });

  it('scores by median and MAD', () => {
    const result = detect(values, { mode: 'robust', threshold: 4 });
    expect(result.expected[0]).toBe(11);
    expect(result.score[12]).toBeGreaterThan(50);
    expect(result.anomalies).toHaveLength(1);
  });

  it('has a spread where most values are equal, and none where all are', () => {
    const mostly = new Float64Array(20).fill(5);
    mostly[3] = 50;
    expect(detect(mostly, { mode: 'robust' }).anomalies).toMatchObject([{ index: 3 }]);
    expect(detect(new Float64Array(20).fill(5), { mode: 'zscore' }).score[4]).toBe(0);
    expect(detect(new Float64Array(20).fill(5), { mode: 'robust' }).anomalies).toEqual([]);
  });
});
