import { describe, expect, it } from 'vitest';
import { coveringOf, f1Of, scoreChangePoints } from '../../../bench/scoring/change-point-scores.js';

const truth = { n: 100, annotations: [[50], [50, 80]] };

describe('change point scores', () => {
  it('count the start as a change and average the recall over the annotators', () => {
    // Ours: 0 and 53. Anyone's: 0, 50, 80. Precision 2/2; recalls 2/2 and 2/3.
    expect(f1Of(truth, [53])).toBeCloseTo((2 * 1 * (5 / 6)) / (1 + 5 / 6), 12);
    // Nothing found: precision 1/1; recalls 1/2 and 1/3.
    expect(f1Of(truth, [])).toBeCloseTo((2 * (5 / 12)) / (1 + 5 / 12), 12);
  });

  it('let one of ours serve one of theirs, within five points', () => {
    const one = { n: 100, annotations: [[50, 54]] };
    // Precision 2/2 and recall 2/3 of 0, 50, 54.
    expect(f1Of(one, [52])).toBeCloseTo(0.8, 12);
    // Six away is none: precision 1/2, recall 1/2.
    expect(f1Of({ n: 100, annotations: [[50]] }, [56])).toBeCloseTo(0.5, 12);
  });

  it('cover segments by their best overlap', () => {
    expect(coveringOf({ n: 100, annotations: [[50]] }, [50])).toBe(1);
    // Both halves against the whole: 50/100 each.
    expect(coveringOf({ n: 100, annotations: [[50]] }, [])).toBeCloseTo(0.5, 12);
    // [0, 50) in [0, 60): 50/60; [50, 100) against [60, 100): 40/50.
    expect(coveringOf({ n: 100, annotations: [[50]] }, [60])).toBeCloseTo((50 / 60 + 40 / 50) / 2, 12);
  });

  it('average over series', () => {
    expect(scoreChangePoints([{ n: 10, annotations: [[]] }, truth], [[], [50, 80]])).toEqual({
      series: 2,
      f1: expect.closeTo(1, 12) as number,
      covering: expect.closeTo((1 + coveringOf(truth, [50, 80])) / 2, 12) as number,
    });
  });
});
