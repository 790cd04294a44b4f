/**
 * The last three days together against what was expected before the first of them: a shift that no single day
 * can tell from noise. The spread of such means is learnt from the series itself, so that days which resemble
 * their neighbours are not taken for one.
 */
import { countResidual } from './count-residual.js';
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
  /** Effect of a weekday on that scale. */
  effect: (weekday: number) => number;
}

export class ThreeDays {
  private readonly days: { value: number; level: number; weekday: number }[] = [];
  /** States at the end of the last days, the latest first. */
  private readonly states: State[] = [];
  private inARow = 0;
  private square = Number.NaN;
  private known = 0;

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
  residual({ value, at, weekday, expectation, effect }: Day): number {
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
      if (this.isCount) expected += meanCount(ahead + effect(day.weekday));
    });
    const counting = this.isCount ? countingVariance(meanCount(expectation.at)) : 0;
    const independent = (expectation.variance + counting) / span;
    if (Number.isNaN(this.square)) this.square = 0.6 * (expectation.variance + counting);
    const variance = Math.max(this.square, independent);
    const score =
      this.known < fewest ? 0 : this.scoreOf(error, sum, expected, variance, expectation.widening);
    const weight = Math.max(1 / memory, 1 / (this.known + firstWeight));
    const clipped = Math.min(error * error, squaredClip * variance) * clippedVariance;
    this.square += weight * (clipped - this.square);
    this.known++;
    return score;
  }

  private scoreOf(error: number, sum: number, expected: number, variance: number, widening: number): number {
    if (!this.isCount) return variance > 0 ? error / Math.sqrt(variance * widening) : 0;
    const counting = countingVariance(expected / span) / span;
    const dispersion = Math.max(this.leastVariance, variance - counting);
    return countResidual(sum, expected, dispersion * widening + (widening - 1) * counting);
  }
}
