/**
 * The `seasonal` method, for daily values: each day, and the last three together, against what robust smoothing
 * expected before them. One event is one alert: while it lasts nothing is learnt from it, its way back is no
 * event, and a level is learnt anew once four days have kept it up.
 */
import {
  emptyJudgement,
  unitScore,
  type Anomaly,
  type AnomalyDirection,
  type Judgement,
} from './anomaly-result.js';
import { dayRange, dayScore, expectedValue, leastShare } from './day-expectation.js';
import { RobustSmoothing, type Expectation } from './robust-smoothing.js';
import { medianInPlace } from './summary.js';
import { ThreeDays } from './three-days.js';

const week = 7;
/** Relative spread of counts below which no series is taken to be steady. */
const leastRelativeSpread = 0.04;
/** Days that keep an event up before it is a new level, and zeros before silence is one. */
const levelDays = 4;
const silentDays = 60;
/** Days in which the way back from a level is no event of its own. */
const returnDays = 14;
/** An alert in the refractory days of another takes this many times its score: a small one hides no large event. */
const further = 2;
/** Expected counts from which a zero is a silence. */
const leastSilence = 3;

export interface ContentOptions {
  threshold: number;
  /** Days after an alert in which the same direction raises no other. */
  refractoryDays: number;
  /** Values before the first judgement. */
  minPoints: number;
}

/** An event that is going on. */
interface Event {
  direction: AnomalyDirection;
  /** Deseasonalised values of its days. */
  levels: number[];
  isSilent: boolean;
  /** The alert that it raised; null where it was held back. */
  alert: Anomaly | null;
}

/**
 * Every figure of a day depends on it and earlier days alone, but for one: a value below 0 anywhere tells that the
 * series is none of counts.
 */
export function judgeContent(values: Float64Array, options: ContentOptions): Judgement {
  return new ContentJudge(values, options).judge();
}

class ContentJudge {
  readonly isCount: boolean;
  private readonly result: Judgement;
  private readonly lastAlert: Partial<Record<AnomalyDirection, Anomaly>> = {};
  private readonly three: ThreeDays;
  private smoothing: RobustSmoothing | null = null;
  private event: Event | null = null;
  private meanSize = 0;
  /** From the present level back to the one before it, while the way back is still open. */
  private wayBack: { by: number; until: number } | null = null;

  constructor(
    private readonly values: Float64Array,
    private readonly options: ContentOptions,
  ) {
    this.isCount = values.every((value) => !(value < 0));
    this.result = emptyJudgement(values.length);
    this.three = new ThreeDays(this.isCount, leastRelativeSpread ** 2 / 3);
  }

  judge(): Judgement {
    for (let day = 0; day < this.values.length; day++) {
      const value = this.values[day]!;
      if (Number.isFinite(value)) this.take(day, value);
      else {
        this.smoothing?.skip(true);
        this.three.clear();
      }
    }
    return this.result;
  }

  private take(day: number, value: number): void {
    const weekday = day % week;
    const at = this.isCount ? Math.log1p(value) : value;
    if (this.smoothing === null) {
      const leastSpread = (): number => (this.isCount ? leastRelativeSpread : leastShare * this.meanSize);
      this.smoothing = new RobustSmoothing(at, weekday, this.isCount, leastSpread);
      this.meanSize = Math.abs(value);
      this.three.keep(this.smoothing.state());
      return;
    }
    const smoothing = this.smoothing;
    const isJudged = smoothing.known >= this.options.minPoints;
    const expectation = smoothing.expect(weekday);
    const single = dayScore(value, expectation, this);
    const triple =
      this.event === null ? this.three.residual({ value, at, weekday, expectation, smoothing }) : 0;
    const isTriple = Math.abs(triple) > Math.abs(single);
    const score = isTriple ? triple : single;
    if (isJudged) this.write(day, score, expectation);
    const level = at - expectation.weekday;
    let isLearnt = true;
    if (this.event !== null) isLearnt = this.goOn(day, value, level, single, expectation);
    else if (isJudged && Math.abs(score) >= this.options.threshold) {
      const isAlone = Math.abs(single) >= this.options.threshold;
      isLearnt = this.begin(day, value, level, isAlone ? single : score, expectation, isAlone ? 1 : 3);
    } else if (isJudged) this.result.scores[day] = unitScore(score, this.options.threshold);
    if (isLearnt) smoothing.learn(at, weekday);
    this.meanSize += (Math.abs(value) - this.meanSize) / (smoothing.known + 1);
    this.three.keep(smoothing.state());
  }

  /** @returns whether the day may be learnt from. */
  private begin(
    day: number,
    value: number,
    level: number,
    score: number,
    expectation: Expectation,
    span: 1 | 3,
  ): boolean {
    const smoothing = this.smoothing!;
    if (this.wayBack !== null && day <= this.wayBack.until) {
      // The way back leads to a level that was last seen days ago.
      const widening = 1.5 * expectation.widening;
      const before = { ...expectation, at: expectation.at + this.wayBack.by, widening };
      if (Math.abs(dayScore(value, before, this)) < this.options.threshold) {
        smoothing.shift(this.wayBack.by);
        this.wayBack = null;
        this.three.clear();
        return true;
      }
    }
    const levels = span === 3 ? this.three.levels() : [level];
    if (span === 3) {
      const before = this.three.stateBefore();
      smoothing.restart(before.level + 2 * before.slope, before.slope);
    }
    this.raise(day, value, score, expectation, span, levels);
    smoothing.skip(false);
    return false;
  }

  /** @returns whether the day may be learnt from: the event is over. */
  private goOn(day: number, value: number, level: number, score: number, expectation: Expectation): boolean {
    const smoothing = this.smoothing!;
    const event = this.event!;
    const isSame = (score > 0 ? 'up' : 'down') === event.direction;
    if (
      Math.abs(score) < this.options.threshold / 2 ||
      (!isSame && Math.abs(score) < this.options.threshold)
    ) {
      this.event = null;
      this.three.clear();
      return true;
    }
    if (!isSame) {
      this.raise(day, value, score, expectation, 1, [level]);
      smoothing.skip(false);
      return false;
    }
    const isSilent = this.isSilence(value, expectation);
    if (event.isSilent && !isSilent) event.levels = [];
    event.isSilent = isSilent;
    event.levels.push(level);
    if (event.levels.length < (isSilent ? silentDays : levelDays)) smoothing.skip(false);
    else this.settle(day, event);
    return false;
  }

  /** Four days have kept the event up: they are the level now. */
  private settle(day: number, event: Event): void {
    const smoothing = this.smoothing!;
    const { level, slope } = smoothing.state();
    const settled = medianInPlace(Float64Array.from(event.levels));
    this.wayBack = { by: level + slope - settled, until: day + returnDays };
    smoothing.restart(settled);
    if (event.alert !== null && event.alert.kind !== 'silence') event.alert.kind = 'level';
    this.event = null;
    this.three.clear();
  }

  private raise(
    day: number,
    value: number,
    score: number,
    expectation: Expectation,
    span: 1 | 3,
    levels: number[],
  ): void {
    const direction = score > 0 ? 'up' : 'down';
    const isSilent = direction === 'down' && this.isSilence(value, expectation);
    const last = this.lastAlert[direction];
    const isHeldBack =
      last !== undefined &&
      day <= last.index + this.options.refractoryDays &&
      Math.abs(score) < further * Math.abs(last.score);
    const { expected, lower, upper } = this.result;
    const figures =
      span === 3
        ? this.three.figures(this.options.threshold)
        : { value, expected: expected[day]!, lower: lower[day]!, upper: upper[day]! };
    const alert: Anomaly = {
      index: day,
      ...figures,
      score,
      kind: isSilent ? 'silence' : direction === 'up' ? 'spike' : 'drop',
      direction,
      span,
    };
    this.event = { direction, levels: [...levels], isSilent, alert: isHeldBack ? null : alert };
    if (isHeldBack) return;
    this.lastAlert[direction] = alert;
    this.result.scores[day] = unitScore(score, this.options.threshold);
    this.result.anomalies.push(alert);
  }

  private isSilence(value: number, expectation: Expectation): boolean {
    return this.isCount && value === 0 && expectedValue(expectation, this) >= leastSilence;
  }

  private write(day: number, score: number, expectation: Expectation): void {
    const { lower, upper } = dayRange(this.options.threshold, expectation, this);
    this.result.score[day] = score;
    this.result.expected[day] = expectedValue(expectation, this);
    this.result.lower[day] = lower;
    this.result.upper[day] = upper;
  }
}
