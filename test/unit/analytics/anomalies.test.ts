import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectAnomalies, type AnomalyOptions, type AnomalyResult } from '../../../analytics/anomalies.js';
import { generateContentSeries } from '../../../bench/generated/content-series.js';
import { scoreEvents } from '../../../bench/scoring/event-scores.js';
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
    expect(detect(values)).toMatchObject({
      method: 'seasonal',
      version: 2,
      parameters: { threshold: 3.5, refractoryDays: 7, minPoints: 14, samplesPerDay: 1 },
      n: 100,
    });
  });

  it('tells values beyond the range that it tells, for a day as for three', () => {
    const spans = new Set<number>();
    for (const { values } of generateContentSeries(77, 60)) {
      for (const { value, lower, upper, expected, direction, span } of detect(values).anomalies) {
        spans.add(span);
        expect(lower).toBeLessThanOrEqual(expected);
        expect(upper).toBeGreaterThanOrEqual(expected);
        if (direction === 'up') expect(value).toBeGreaterThanOrEqual(upper * (1 - 1e-9));
        else expect(value).toBeLessThanOrEqual(lower * (1 + 1e-9));
      }
    }
    expect(spans).toEqual(new Set([1, 3]));
    const swinging = generateContentSeries(78, 60).map(({ values }) => values.map((value) => value - 1e6));
    const below = swinging.flatMap((values) => detect(values).anomalies);
    expect(below.length).toBeGreaterThan(20);
    for (const { value, lower, upper } of below) expect(value < lower || value > upper).toBe(true);
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

  it('finds what was planted in content series at few false alerts', () => {
    const series = generateContentSeries(2_026, 400);
    const scores = scoreEvents(
      series.map(({ values, events }) => ({ days: values.length, events })),
      series.map(({ values }) => detect(values).anomalies.map(({ index }) => index)),
    );
    expect(scores.events).toBeGreaterThan(600);
    expect(scores.precision).toBeGreaterThan(0.94);
    expect(scores.recall).toBeGreaterThan(0.92);
    expect(scores.falsePerSeriesYear).toBeLessThan(0.1);
  });

  it('takes neither the way back from an event, nor a gap, nor a silence’s end for another', () => {
    const level = ordinary(11).map((value, i) => (i >= 50 && i < 58 ? value * 6 : value));
    expect(detect(level).anomalies).toMatchObject([{ index: 50, kind: 'level' }]);
    const silence = ordinary(12, 200).map((value, i) => (i >= 50 && i < 90 ? 0 : value));
    expect(detect(silence).anomalies).toMatchObject([{ index: 50, kind: 'silence' }]);
    const fading = ordinary(13).map((value, i) => (i >= 50 ? value * (1 + 8 * 0.6 ** (i - 50)) : value));
    expect(detect(fading).anomalies.map(({ index }) => index)).toEqual([50]);
    const gap = ordinary(14);
    gap.fill(Number.NaN, 50, 62);
    expect(detect(gap).anomalies).toEqual([]);
  });

  it('tells by three days what none of them tells alone', () => {
    const shifted = ordinary(1, 200).map((value, i) => (i >= 120 ? value * 1.42 : value));
    const { anomalies } = detect(shifted);
    expect(anomalies).toHaveLength(1);
    expect(anomalies[0]).toMatchObject({ index: 122, kind: 'level', direction: 'up', span: 3 });
  });

  it('raises nothing in the decay of a launch, whatever its week', () => {
    const normal = gaussian(seeded(16));
    for (let steepness = 0.4; steepness < 1.7; steepness += 0.1) {
      const values = Float64Array.from({ length: 200 }, (_, i) =>
        Math.round(300_000 * (1 + i) ** -steepness * weekly[i % 7]! * Math.exp(0.08 * normal())),
      );
      expect(detect(values).anomalies).toEqual([]);
    }
  });

  it('scores from 0 to 1, a half and more at alerts alone', () => {
    const values = ordinary(17);
    values[60] = values[60]! * 5;
    const { scores, anomalies } = detect(values);
    scores.forEach((score, index) => {
      expect(score >= 0 && score <= 1).toBe(true);
      expect(score >= 0.5).toBe(anomalies.some((anomaly) => anomaly.index === index));
    });
  });

  it('depends on nothing later but in the kind of an alert', () => {
    const value = fc.oneof(
      { weight: 1, arbitrary: fc.constant(Number.NaN) },
      { weight: 1, arbitrary: fc.constant(0) },
      { weight: 8, arbitrary: fc.integer({ min: 50, max: 150 }) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 1e6 }) },
    );
    fc.assert(
      fc.property(fc.array(value, { minLength: 40, maxLength: 120 }), fc.nat(60), (list, later) => {
        const values = Float64Array.from(list);
        const all = detectAnomalies(values);
        const early = detectAnomalies(values.subarray(0, list.length - Math.min(later, list.length - 20)));
        if ('withheld' in all || 'withheld' in early) return;
        const n = early.score.length;
        for (const key of ['score', 'scores', 'expected', 'lower', 'upper'] as const) {
          expect(all[key].subarray(0, n)).toEqual(early[key]);
        }
        const told = ({ anomalies }: AnomalyResult): unknown[] =>
          anomalies.filter(({ index }) => index < n).map((anomaly) => ({ ...anomaly, kind: null }));
        expect(told(all)).toEqual(told(early));
      }),
    );
  });

  it('judges values below zero alike in any unit', () => {
    const values = ordinary(18).map((value) => value / 1_000 - 2);
    values[70] = 40;
    const { anomalies, score } = detect(values);
    expect(anomalies).toMatchObject([{ index: 70, kind: 'spike' }]);
    const scaled = detect(values.map((value) => value * 4_096));
    scaled.score.forEach((one, index) => {
      if (Number.isNaN(one)) expect(score[index]).toBeNaN();
      else expect(one).toBeCloseTo(score[index]!, 8);
    });
  });

  it('takes degenerate values calmly', () => {
    expect(detect(new Float64Array(60)).anomalies).toEqual([]);
    expect(detect(new Float64Array(60).fill(1e8)).anomalies).toEqual([]);
    expect(detect(ordinary(10).map((value) => value - 1_500)).anomalies).toEqual([]);
    const first = new Float64Array(60);
    first[40] = 500;
    expect(detect(first).anomalies).toMatchObject([{ index: 40, kind: 'spike' }]);
    const huge = ordinary(19).map((value) => value * 1e290);
    huge[60] = 1e305;
    expect(detect(huge).anomalies).toMatchObject([{ index: 60, kind: 'spike' }]);
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
