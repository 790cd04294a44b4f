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
import { RecordHold } from './record-hold.js';
import { RollingMean } from './rolling-mean.js';
import { StreamExpectation, type Basis } from './stream-expectation.js';
import { TailSurprise } from './tail-surprise.js';

const shortWindow = 8;
const longWindow = 48;
/** Days in which a score must clearly exceed those before it to count. */
const refractoryDays = 1.5;
/** Least excess of a figure that means anything, in shares of the stream's mean distance from its level. */
const leastShare = 0.03;
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

function periodOf(samplesPerDay: number): number {
  return Math.max(2, Math.round(samplesPerDay));
}

/** Figures that are distances from what was expected. */
const distances = [0, 1, 7, 8, 9, 10] as const;
/** Within the refractory days of an alert another one takes this many times its score. */
const further = 3;

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

/** Gaps (NaN) are passed over, and so is the step after one. Every figure of a point depends on it and earlier points alone. */
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
  /** Distances from one kind of expectation are not judged by those from another. */
  private readonly distanceTails = new Map<Basis, TailSurprise[]>();
  private basis: Basis = 'level';

  constructor(
    private readonly values: Float64Array,
    private readonly options: StreamOptions,
  ) {
    this.result = emptyJudgement(values.length);
    this.period = periodOf(options.samplesPerDay);
    this.tails = figures.map(() => this.newTail());
    this.distanceTails.set(
      'level',
      distances.map((f) => this.tails[f]!),
    );
    this.hold = new RecordHold(Math.max(10, refractoryDays * this.period));
  }

  judge(): Judgement {
    const { values, result, figure, tails } = this;
    const { threshold } = this.options;
    let expectation: StreamExpectation | null = null;
    let before = Number.NaN;
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (!Number.isFinite(value)) {
        before = Number.NaN;
        continue;
      }
      expectation ??= new StreamExpectation(value, this.period);
      const unit = expectation.unit;
      const expected = expectation.take(value, i);
      if (expectation.basis !== this.basis) this.rest(expectation.basis);
      const distance = value - expected;
      this.measure(value, distance, Number.isNaN(before) ? 0 : value - before, unit);
      before = value;
      const isJudged = tails[2]!.threshold !== Number.POSITIVE_INFINITY;
      if (isJudged) {
        result.expected[i] = expected;
        result.lower[i] = expected - this.reach(1);
        result.upper[i] = expected + this.reach(0);
      }
      let sum = 0;
      let most = 0;
      let leading = distance >= 0 ? 0 : 1;
      for (let f = 0; f < figure.length; f++) {
        if (Number.isNaN(figure[f]!)) continue;
        const isLog = f === 5 || f === 6;
        const surprise = tails[f]!.take(figure[f]!, isLog ? leastLogShare : leastShare * unit);
        sum += surprise;
        if (surprise > most) {
          most = surprise;
          leading = f;
        }
      }
      sum = Math.min(Number.MAX_VALUE, sum);
      if (!isJudged) continue;
      const direction = figures[leading]!.direction ?? (distance >= 0 ? 'up' : 'down');
      const score = direction === 'up' ? sum : -sum;
      result.score[i] = score;
      if (!this.hold.admits(i, sum)) continue;
      result.scores[i] = unitScore(sum, threshold);
      if (sum >= threshold && this.isNews(i, sum)) {
        result.anomalies.push(this.alert(i, score, direction, leading));
      }
    }
    return result;
  }

  private newTail(): TailSurprise {
    return new TailSurprise(streamWarmUp(this.options.samplesPerDay));
  }

  /** From now on the expectation rests on something else. */
  private rest(basis: Basis): void {
    this.basis = basis;
    this.short.clear();
    this.long.clear();
    const own = this.distanceTails.get(basis) ?? distances.map(() => this.newTail());
    this.distanceTails.set(basis, own);
    distances.forEach((f, k) => (this.tails[f] = own[k]!));
  }

  /** How far 98 % of the distances went in a direction; those from the level until there are enough. */
  private reach(f: 0 | 1): number {
    const own = this.tails[f]!.threshold;
    const told = Number.isFinite(own) ? own : this.distanceTails.get('level')![f]!.threshold;
    return Number.isFinite(told) ? Math.max(0, told) : 0;
  }

  private isNews(index: number, score: number): boolean {
    const last = this.result.anomalies.at(-1);
    return (
      last === undefined ||
      index > last.index + refractoryDays * this.period ||
      score >= further * Math.abs(last.score)
    );
  }

  private measure(value: number, distance: number, step: number, unit: number): void {
    const { figure, short, long, recent } = this;
    short.take(distance);
    long.take(distance);
    recent.take(value);
    // Windows that are not full yet tell nothing: their variability starts at none.
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
