/**
 * The last three days together against what was expected before the first of them: a shift that no single day
 * can tell from noise. The spread of such means is learnt from the series itself, so that days which resemble
 * their neighbours are not taken for one.
 */
import { countAtResidual, countResidual } from './count-residual.js';
import { countingVariance, meanCount, type Expectation } from './robust-smoothing.js';

const span = 3;
/** Days in a row, after a gap, from which the three are judged: the state needs two to settle. */
const settled = 5;
const memory = 100;
const firstWeight = 8;
/** Means of three days before the first judgement. */
const fewest = 10;
/** E min(z², 2.5²) of a standard normal z is 0.9776. */
const clippedVariance = 1.023;
const squaredClip = 6.25;

/** The three days' mean and what it was compared with; figures a day. */
export interface ThreeDayFigures {
  value: number;
  expected: number;
  lower: number;
  upper: number;
}

interface State {
  level: number;
  slope: number;
}

interface Day {
  value: number;
  /** On the scale of the smoothing. */
  at: number;
  weekday: number;
  expectation: Expectation;
  /** Tells the effect of a weekday on that scale; no function of its own, which would be made anew each day. */
  smoothing: { weekdayEffect: (weekday: number) => number };
}

export class ThreeDays {
  private readonly days: { value: number; level: number; weekday: number }[] = [];
  /** States at the end of the last days, the latest first. */
  private readonly states: State[] = [];
  private inARow = 0;
  private square = Number.NaN;
  private known = 0;
  private judged = { error: 0, sum: 0, expected: 0, variance: 0, widening: 1 };

  constructor(
    private readonly isCount: boolean,
    private readonly leastVariance: number,
  ) {}

  /** The state at the end of a day. */
  keep(state: State): void {
    this.states.unshift(state);
    if (this.states.length > span) this.states.pop();
  }

  clear(): void {
    this.days.length = 0;
    this.inARow = 0;
  }

  /** The three days without their weekdays. */
  levels(): number[] {
    return this.days.map(({ level }) => level);
  }

  /** The state before the first of the three. */
  stateBefore(): State {
    return this.states.at(-1)!;
  }

  /** Takes the day in and judges the three that end with it; 0 where there are none yet. */
  residual({ value, at, weekday, expectation, smoothing }: Day): number {
    this.days.push({ value, level: at - expectation.weekday, weekday });
    if (this.days.length > span) this.days.shift();
    this.inARow++;
    if (this.inARow < settled || this.states.length < span) return 0;
    const { level, slope } = this.stateBefore();
    let error = 0;
    let sum = 0;
    let expected = 0;
    this.days.forEach((day, index) => {
      const ahead = level + (index + 1) * slope;
      error += (day.level - ahead) / span;
      sum += day.value;
      if (this.isCount) expected += meanCount(ahead + smoothing.weekdayEffect(day.weekday));
    });
    const counting = this.isCount ? countingVariance(meanCount(expectation.at)) : 0;
    const independent = (expectation.variance + counting) / span;
    if (Number.isNaN(this.square)) this.square = 0.6 * (expectation.variance + counting);
    const variance = Math.max(this.square, independent);
    this.judged = { error, sum, expected, variance, widening: expectation.widening };
    const score = this.known < fewest ? 0 : this.score();
    const weight = Math.max(1 / memory, 1 / (this.known + firstWeight));
    const clipped = Math.min(error * error, squaredClip * variance) * clippedVariance;
    this.square += weight * (clipped - this.square);
    this.known++;
    return score;
  }

  /** Of the days judged last: their mean, and the range in which their score stays below the threshold. */
  figures(threshold: number): ThreeDayFigures {
    const { error, sum, expected, variance, widening } = this.judged;
    const value = sum / span;
    if (!this.isCount) {
      const reach = threshold * Math.sqrt(variance * widening);
      const centre = value - error;
      return { value, expected: centre, lower: centre - reach, upper: centre + reach };
    }
    const dispersion = this.dispersion();
    return {
      value,
      expected: expected / span,
      lower: countAtResidual(-threshold, expected, dispersion) / span,
      upper: countAtResidual(threshold, expected, dispersion) / span,
    };
  }

  private score(): number {
    const { error, sum, expected, variance, widening } = this.judged;
    if (!this.isCount) return variance > 0 ? error / Math.sqrt(variance * widening) : 0;
    return countResidual(sum, expected, this.dispersion());
  }

  private dispersion(): number {
    const { expected, variance, widening } = this.judged;
    const counting = countingVariance(expected / span) / span;
    const dispersion = Math.max(this.leastVariance, variance - counting);
    return dispersion * widening + (widening - 1) * counting;
  }
}
