import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { associationAmong } from '../../../analytics/feature-association.js';
import { predictedImpact, type PredictedImpact } from '../../../analytics/insight-impact.js';
import { judgeOutcome, trackRecord } from '../../../analytics/insight-outcome.js';
import { expectClose } from './golden.js';

const predicted: PredictedImpact = {
  ...{ metric: 'views', low: 0.1, expected: 0.3, high: 0.5 },
  ...{ unit: 'relative change', horizon_days: 30, baseline: 0 },
};
const judge = (value: number | null, error = 0, of = predicted) =>
  judgeOutcome(of, { value, error, points: 30, reason: null });

describe('whether a prediction held', () => {
  it('goes by limits, side and baseline', () => {
    expect(judge(0.3)).toBe('held');
    expect(judge(0.5)).toBe('held');
    // Within the limits, and yet nearer to nothing having happened.
    expect(judge(0.12)).toBe('partly');
    expect(judge(0.8)).toBe('partly');
    expect(judge(0.05)).toBe('partly');
    expect(judge(0)).toBe('missed');
    expect(judge(-0.2)).toBe('missed');
    expect(judge(null)).toBe('cannot_tell');
    expect(judge(Number.NaN)).toBe('cannot_tell');
  });

  it('allows for the error of what was measured', () => {
    expect(judge(0.6)).toBe('partly');
    expect(judge(0.6, 0.06)).toBe('held');
    expect(judge(-0.05, 0.1)).toBe('partly');
  });

  it('has no side where nothing was predicted', () => {
    const flat = { ...predicted, low: -0.1, expected: 0, high: 0.1 };
    expect(judge(0.05, 0, flat)).toBe('held');
    expect(judge(0.2, 0, flat)).toBe('missed');
  });

  it('is the same on any scale, and mirrored', () => {
    // Halves of the smallest numbers there are would be rounded to others.
    const number = fc
      .double({ min: -100, max: 100, noNaN: true })
      .filter((value) => value === 0 || Math.abs(value) > 1e-300);
    fc.assert(
      fc.property(number, fc.constantFrom(-8, -1, 0.5, 4), (value, factor) => {
        const [low, high] = [predicted.low * factor, predicted.high * factor].sort((a, b) => a - b);
        const scaled = { ...predicted, low: low!, expected: predicted.expected * factor, high: high! };
        expect(judge(value * factor, 0, scaled)).toBe(judge(value));
      }),
    );
  });

  it('is kept as a record with Wilson’s interval', () => {
    expect(trackRecord([])).toEqual({
      checked: 0,
      held: 0,
      partly: 0,
      missed: 0,
      cannot_tell: 0,
      held_share: null,
    });
    expect(trackRecord(['cannot_tell']).held_share).toBeNull();
    const record = trackRecord([...Array<'held'>(8).fill('held'), 'missed', 'partly', 'cannot_tell']);
    expect(record).toMatchObject({ checked: 11, held: 8, partly: 1, missed: 1, cannot_tell: 1 });
    // statsmodels.stats.proportion.proportion_confint(8, 10, method='wilson')
    expectClose(record.held_share!.low, 0.4901624715366418, 1e-10);
    expectClose(record.held_share!.high, 0.9433178485456247, 1e-10);
  });

  it('takes no prediction whose figures are none', () => {
    expect(predictedImpact(predicted)).toBe(predicted);
    expect(predictedImpact({ ...predicted, low: 0.4 })).toBeNull();
    expect(predictedImpact({ ...predicted, high: Number.POSITIVE_INFINITY })).toBeNull();
    expect(predictedImpact({ ...predicted, expected: Number.NaN })).toBeNull();
  });
});

describe('an association over again', () => {
  it('compares those that have a level with the others', () => {
    const pairs = [12, 14, 16]
      .map((outcome) => ({ feature: 1, outcome }))
      .concat([8, 10, 12].map((outcome) => ({ feature: 0, outcome })));
    const found = associationAmong(pairs, true);
    expect(found).toMatchObject({ points: 6, reason: null });
    expect(found.value).toBeCloseTo(4 / 12, 12);
    expect(found.error).toBeCloseTo(Math.sqrt(4 / 3 + 4 / 3) / 12, 12);
  });

  it('correlates numbers', () => {
    const pairs = Array.from({ length: 10 }, (_, i) => ({ feature: i, outcome: 50 + 3 * i }));
    const found = associationAmong(pairs, false);
    const spread = Math.sqrt(pairs.reduce((sum, { outcome }) => sum + (outcome - 63.5) ** 2, 0) / 9);
    expect(found.value).toBeCloseTo(spread / 63.5, 12);
    expect(found.error).toBeCloseTo(0, 6);
  });

  it('withholds with the reason', () => {
    const pairs = (feature: number[], outcome = 1) => feature.map((one) => ({ feature: one, outcome }));
    expect(associationAmong([], true).reason).toBe('needs 3 more contents published since the decision');
    expect(associationAmong(pairs([1, 1, 1, 0]), true).reason).toBe(
      'needs 2 more contents published since the decision',
    );
    expect(associationAmong(pairs([1, 2]), false).reason).toBe(
      'needs 6 more contents published since the decision',
    );
    expect(associationAmong(pairs([1, 2, 3, 4, 5, 6, 7, 8]), false).reason).toMatch(/all the same/);
    expect(associationAmong(pairs([1, 2, 3, 4, 5, 6, 7, 8], 0), false).reason).toMatch(/not positive/);
    expect(associationAmong(pairs([1, 1, 1, 0, 0, 0], -2), true).reason).toMatch(/not positive/);
  });
});
