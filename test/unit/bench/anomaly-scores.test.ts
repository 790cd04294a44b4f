import { describe, expect, it } from 'vitest';
import { scoreEvents } from '../../../bench/scoring/event-scores.js';
import { scoreStreamAnomalies } from '../../../bench/scoring/stream-anomaly-scores.js';

const stream = { n: 200, windows: [[100, 109] as const], probation: 20 };

function scoresAt(alerts: Readonly<Record<number, number>>): Float64Array {
  const scores = new Float64Array(stream.n);
  for (const [index, score] of Object.entries(alerts)) scores[Number(index)] = score;
  return scores;
}

describe('scores of anomalies in streams', () => {
  it('are 0 for silence and 100 for an alert on a window’s first point', () => {
    expect(scoreStreamAnomalies([stream], [scoresAt({})])).toMatchObject({ standard: 0, windowF1: 0 });
    const perfect = scoreStreamAnomalies([stream], [scoresAt({ 100: 1 })]);
    expect(perfect.standard).toBeCloseTo(100, 10);
    expect(perfect).toMatchObject({ threshold: 1, windowF1: 1, precision: 1, recall: 1 });
  });

  it('take less for a late alert and take a false one off, at a threshold that is told', () => {
    const sigmoid = (y: number): number => 2 / (1 + Math.exp(5 * y)) - 1;
    const late = scoreStreamAnomalies([stream], [scoresAt({ 109: 1 })], 0.5);
    const worth = sigmoid(-0.1) / sigmoid(-1);
    expect(late.standard).toBeCloseTo(50 * (worth + 1), 10);
    // Far before the window: the whole weight of 0.11, of two in all.
    const wrong = scoreStreamAnomalies([stream], [scoresAt({ 30: 1, 109: 1 })], 0.5);
    expect(wrong.standard).toBeCloseTo(50 * (worth + 1 - 0.11), 10);
    expect(wrong.lowFalsePositives).toBeCloseTo(50 * (worth + 1 - 0.22), 10);
    expect(wrong).toMatchObject({ precision: 0.5, recall: 1, falseAlarms: 1 });
  });

  it('count a window’s best alert alone, and none in the probation', () => {
    const scores = scoresAt({ 5: 1, 100: 1, 104: 1, 109: 1 });
    expect(scoreStreamAnomalies([stream], [scores], 0.5).standard).toBeCloseTo(100, 10);
  });

  it('lower the threshold as far as it pays', () => {
    const scores = scoresAt({ 100: 0.4, 30: 0.3 });
    expect(scoreStreamAnomalies([stream], [scores])).toMatchObject({ threshold: 0.4 });
  });

  it('count false alerts once a block of ten points', () => {
    const scores = scoresAt({ 30: 1, 31: 1, 32: 1, 45: 1 });
    expect(scoreStreamAnomalies([stream], [scores], 0.5)).toMatchObject({ falseAlarms: 2, recall: 0 });
  });
});

describe('alerts against planted events', () => {
  const truth = {
    days: 365,
    events: [
      { from: 50, to: 51 },
      { from: 200, to: 205 },
    ],
  };

  it('find an event once, from its first day until the days of grace have passed', () => {
    const scores = scoreEvents([truth], [[49, 50, 54, 55]]);
    expect(scores).toMatchObject({ events: 2, alerts: 4, recall: 0.5 });
    // 49 and 55 are false.
    expect(scores.precision).toBeCloseTo(1 / 3, 12);
    expect(scores.falsePerSeriesYear).toBeCloseTo((2 * 365.25) / 365, 12);
  });

  it('are right where there is neither event nor alert', () => {
    expect(scoreEvents([{ days: 100, events: [] }], [[]])).toEqual({
      ...{ events: 0, alerts: 0, precision: 1, recall: 1, falsePerSeriesYear: 0 },
    });
  });
});
