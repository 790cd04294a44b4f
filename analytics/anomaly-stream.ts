/**
 * The `stream` method, for many points a day: the sum of the surprises of ten figures — the value, its distance
 * from what was expected, its step, the mean distance over a short and a long window, and the variability —
 * where each surprise is −log10 of a tail probability told from the stream's own past. A score counts only where
 * it clearly exceeds all of the last day and a half, so that one event is one alert at whatever threshold.
 */
import {
  emptyJudgement,
  unitScore,
  type Anomaly,
  type AnomalyDirection,
  type AnomalyKind,
  type Judgement,
} from './anomaly-result.js';
import { StreamExpectation } from './stream-expectation.js';
import { TailSurprise } from './tail-surprise.js';

const shortWindow = 8;
const longWindow = 48;
/** Days in which a further alert must exceed the last by this factor. */
const refractoryDays = 1.5;
const escalation = 1.3;
/** Least excess of a figure that means anything, in shares of the stream's mean distance from its level. */
const leastShare = 0.01;
const leastLogShare = 0.05;
const fewestWarm = 100;
const mostWarm = 500;

export interface StreamOptions {
  threshold: number;
  samplesPerDay: number;
}

/** Points before the first judgement: a day's, but 100 at least and 500 at most. */
export function streamWarmUp(samplesPerDay: number): number {
  return Math.max(fewestWarm, Math.min(mostWarm, Math.round(samplesPerDay)));
}

/** What each figure tells when it is the most surprising one. */
const figures: readonly { direction: AnomalyDirection | null; kind: 'point' | 'level' | 'silence' }[] = [
  { direction: 'up', kind: 'point' },
  { direction: 'down', kind: 'point' },
  { direction: 'up', kind: 'point' },
  { direction: 'down', kind: 'point' },
  { direction: null, kind: 'point' },
  { direction: null, kind: 'point' },
  { direction: null, kind: 'silence' },
  { direction: 'up', kind: 'point' },
  { direction: 'down', kind: 'point' },
  { direction: 'up', kind: 'level' },
  { direction: 'down', kind: 'level' },
];

/** Gaps (NaN) are passed over. Every figure of a point depends on it and earlier points alone. */
export function judgeStream(values: Float64Array, options: StreamOptions): Judgement {
  return new StreamJudge(values, options).judge();
}

class StreamJudge {
  private readonly result: Judgement;
  private readonly period: number;
  private readonly tails: TailSurprise[];
  private readonly figure = new Float64Array(figures.length);
  private readonly short = new RollingMean(shortWindow);
  private readonly long = new RollingMean(longWindow);
  private readonly recent = new RollingMean(longWindow);
  private readonly hold: RecordHold;

  constructor(
    private readonly values: Float64Array,
    private readonly options: StreamOptions,
  ) {
    this.result = emptyJudgement(values.length);
    this.period = Math.max(2, Math.round(options.samplesPerDay));
    const warmUp = streamWarmUp(options.samplesPerDay);
    this.tails = figures.map(() => new TailSurprise(warmUp));
    this.hold = new RecordHold(Math.max(10, refractoryDays * this.period));
  }

  judge(): Judgement {
    const { values, result, figure, tails } = this;
    const { threshold } = this.options;
    let expectation: StreamExpectation | null = null;
    let before = Number.NaN;
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (!Number.isFinite(value)) continue;
      expectation ??= new StreamExpectation(value, this.period);
      const unit = expectation.unit;
      const expected = expectation.take(value, i);
      const distance = value - expected;
      this.measure(value, distance, Number.isNaN(before) ? 0 : value - before, unit);
      before = value;
      const isJudged = tails[0]!.threshold !== Number.POSITIVE_INFINITY;
      if (isJudged) {
        result.expected[i] = expected;
        result.lower[i] = expected - Math.max(0, tails[1]!.threshold);
        result.upper[i] = expected + Math.max(0, tails[0]!.threshold);
      }
      let sum = 0;
      let most = 0;
      let leading = distance >= 0 ? 0 : 1;
      for (let f = 0; f < figure.length; f++) {
        const isLog = f === 5 || f === 6;
        const surprise = tails[f]!.take(figure[f]!, isLog ? leastLogShare : leastShare * unit);
        sum += surprise;
        if (surprise > most) {
          most = surprise;
          leading = f;
        }
      }
      if (!isJudged) continue;
      sum = Math.min(Number.MAX_VALUE, sum);
      const direction = figures[leading]!.direction ?? (distance >= 0 ? 'up' : 'down');
      const score = direction === 'up' ? sum : -sum;
      result.score[i] = score;
      if (!this.hold.admits(i, sum)) continue;
      result.scores[i] = unitScore(sum, threshold);
      if (sum >= threshold) result.anomalies.push(this.alert(i, score, direction, leading));
    }
    return result;
  }

  private measure(value: number, distance: number, step: number, unit: number): void {
    const { figure, short, long, recent } = this;
    short.take(distance);
    long.take(distance);
    recent.take(value);
    const variability = 0.5 * Math.log(recent.variance() + 1e-6 * unit * unit + Number.MIN_VALUE);
    figure[0] = distance;
    figure[1] = -distance;
    figure[2] = value;
    figure[3] = -value;
    figure[4] = Math.abs(step);
    figure[5] = variability;
    figure[6] = -variability;
    figure[7] = short.mean();
    figure[8] = -figure[7];
    figure[9] = long.mean();
    figure[10] = -figure[9];
  }

  private alert(index: number, score: number, direction: AnomalyDirection, leading: number): Anomaly {
    const { expected, lower, upper } = this.result;
    const told = figures[leading]!.kind;
    const value = this.values[index]!;
    let kind: AnomalyKind = direction === 'up' ? 'spike' : 'drop';
    if (told !== 'point') kind = told;
    else if (direction === 'down' && value === 0) kind = 'silence';
    return {
      index,
      value,
      expected: expected[index]!,
      lower: lower[index]!,
      upper: upper[index]!,
      score,
      kind,
      direction,
      span: told === 'level' || told === 'silence' ? longWindow : 1,
    };
  }
}

/** Mean and variance of the last figures. */
class RollingMean {
  private readonly ring: Float64Array;
  private count = 0;

  constructor(private readonly window: number) {
    this.ring = new Float64Array(window);
  }

  take(figure: number): void {
    this.ring[this.count++ % this.window] = figure;
  }

  mean(): number {
    const length = Math.min(this.count, this.window);
    let sum = 0;
    for (let i = 0; i < length; i++) sum += this.ring[i]!;
    return sum / length;
  }

  variance(): number {
    const centre = this.mean();
    const length = Math.min(this.count, this.window);
    let squares = 0;
    for (let i = 0; i < length; i++) squares += (this.ring[i]! - centre) ** 2;
    return squares / length;
  }
}

/** Admits a score that exceeds all admitted ones of the last points by the factor of an escalation. */
class RecordHold {
  /** Admitted scores that nothing later exceeds, the earliest and largest first. */
  private readonly admitted: { index: number; score: number }[] = [];

  constructor(private readonly points: number) {}

  admits(index: number, score: number): boolean {
    const { admitted } = this;
    while (admitted.length > 0 && admitted[0]!.index < index - this.points) admitted.shift();
    if (!(score > escalation * (admitted[0]?.score ?? 0))) return false;
    admitted.length = 0;
    admitted.push({ index, score });
    return true;
  }
}
