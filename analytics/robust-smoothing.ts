/**
 * Exponential smoothing with trend and weekday that no outlier can pull away: each day's error is clipped at 2.5
 * spreads before anything learns from it, and the spread is learnt from clipped squares (Gelper, Fried and Croux
 * 2010). A bank of smoothing weights runs side by side; the one with the smallest recent errors speaks.
 */

const week = 7;
/** Weights of the level: a steady series, an ordinary one, one that wanders. */
const levelWeights = [0.05, 0.15, 0.4] as const;
/** Share of a level's correction that goes on into the slope, and what is left of the slope a day later. */
const slopeWeight = 0.05;
const slopeKept = 0.98;
/** The same without a value to correct it. */
const slopeKeptBlind = 0.95;
const weekdayWeight = 0.05;
/** Days that the spread and the errors remember. */
const spreadMemory = 100;
const errorMemory = 30;
const clip = 2.5;
/** E min(z², 2.5²) of a standard normal z is 0.9776. */
const clippedVariance = 1.023;
/** Relative spread before anything is known, and its weight in days. */
const firstSpread = 0.2;
const firstWeight = 8;
/** Days before the clipping starts: a launch's first fortnight must be free to fall. */
const freeDays = 14;
const exponentLimit = 700;

/** What a count of the mean given adds to the variance of its log1p by being a count (delta method). */
export function countingVariance(expected: number): number {
  return expected / (expected + 1) ** 2;
}

/** The mean of a count from that of its log1p: half the counting variance makes up for the logarithm's bend. */
export function meanCount(level: number): number {
  return fromLog(level + countingVariance(fromLog(level)) / 2);
}

/** The value whose log1p is `level`; never below 0 and never infinite. */
export function fromLog(level: number): number {
  return Math.max(0, Math.expm1(Math.min(exponentLimit, level)));
}

interface Smoother {
  weight: number;
  level: number;
  slope: number;
  weekdays: Float64Array;
  /** Mean clipped square of the errors, and what of it counting explains. */
  square: number;
  counting: number;
  error: number;
}

export interface Expectation {
  /** On the scale of the smoothing: logarithm for counts. */
  at: number;
  weekday: number;
  /** Variance of the noise apart from counting, and what the state's own uncertainty multiplies it by. */
  variance: number;
  widening: number;
}

export class RobustSmoothing {
  /** Days learnt from. */
  known = 0;
  private readonly bank: Smoother[];
  private readonly weekdaysSeen = new Float64Array(week);
  private gap = 0;

  /** @param isCount values come as log1p of counts; otherwise as they are. */
  constructor(
    first: number,
    firstWeekday: number,
    private readonly isCount: boolean,
    private readonly leastSpread: () => number,
  ) {
    this.bank = levelWeights.map((weight) => ({
      weight,
      level: first,
      slope: 0,
      weekdays: new Float64Array(week),
      square: Number.NaN,
      counting: 0,
      error: 0,
    }));
    this.weekdaysSeen[firstWeekday]!++;
    this.known = 1;
  }

  /** What the day should bring; `weekday` is the day's index modulo 7. */
  expect(weekday: number): Expectation {
    const best = this.best();
    const least = this.leastSpread() ** 2;
    const seen = this.weekdaysSeen[weekday]!;
    return {
      at: best.level + best.slope + best.weekdays[weekday]!,
      weekday: best.weekdays[weekday]!,
      variance: Math.max(least, (Number.isNaN(best.square) ? least : best.square) - best.counting),
      widening: 1 + this.gap * best.weight ** 2 + 2 / (this.known + 1) + (seen < 8 ? 1 / (seen + 1) : 0),
    };
  }

  /** Level and slope of the smoother that speaks, as of the end of the last day. */
  state(): { level: number; slope: number } {
    const { level, slope } = this.best();
    return { level, slope };
  }

  weekdayEffect(weekday: number): number {
    return this.best().weekdays[weekday]!;
  }

  learn(value: number, weekday: number): void {
    for (const smoother of this.bank) this.correct(smoother, value, weekday);
    this.weekdaysSeen[weekday]!++;
    this.known++;
    this.gap = 0;
  }

  /** A day that must not be learnt from: the state goes on by itself. */
  skip(isGap: boolean): void {
    for (const smoother of this.bank) {
      smoother.level += smoother.slope;
      smoother.slope *= slopeKeptBlind;
    }
    this.gap = isGap ? this.gap + 1 : 0;
  }

  /** Moves every level; weekdays and spread stay. */
  shift(by: number): void {
    for (const smoother of this.bank) smoother.level += by;
  }

  /** Sets every level, and the slope where one is told. */
  restart(level: number, slope?: number): void {
    for (const smoother of this.bank) {
      smoother.level = level;
      if (slope !== undefined) smoother.slope = slope;
    }
  }

  private best(): Smoother {
    let best = this.bank[0]!;
    for (const smoother of this.bank) if (smoother.error < best.error) best = smoother;
    return best;
  }

  private correct(smoother: Smoother, value: number, weekday: number): void {
    const { known } = this;
    const expected = smoother.level + smoother.slope + smoother.weekdays[weekday]!;
    const counting = this.isCount ? countingVariance(meanCount(expected)) : 0;
    const error = value - expected;
    if (Number.isNaN(smoother.square)) {
      smoother.counting = counting;
      smoother.square = this.isCount ? firstSpread ** 2 + counting : error * error;
    }
    const spread = Math.sqrt(
      Math.max(smoother.square, this.leastSpread() ** 2 + counting) * (1 + this.gap * smoother.weight ** 2),
    );
    const limit = clip * spread;
    const isFree = known < freeDays;
    const clipped = isFree ? error : Math.max(-limit, Math.min(limit, error));
    const weight = Math.max(smoother.weight, Math.min(0.5, 1.5 / (known + 1)));
    smoother.level += smoother.slope + weight * clipped;
    smoother.slope = smoother.slope * slopeKept + weight * slopeWeight * clipped;
    if (known > week) this.correctWeekday(smoother, weekday, (1 - weight) * clipped);
    // Without a scale told by counting, the first fortnight's errors are the only scale there is.
    const square = isFree && !this.isCount ? error * error : Math.min(error * error, limit * limit);
    const memory = Math.max(1 / spreadMemory, 1 / (known + firstWeight));
    smoother.square += memory * (square * clippedVariance - smoother.square);
    smoother.counting += memory * (counting - smoother.counting);
    smoother.error += Math.max(1 / errorMemory, 1 / (known + 1)) * (Math.abs(clipped) - smoother.error);
  }

  /** The weekdays' effects stay 0 on average; what that takes away goes to the level. */
  private correctWeekday(smoother: Smoother, weekday: number, error: number): void {
    const seen = this.weekdaysSeen[weekday]!;
    if (seen < 1) return;
    const step = Math.max(weekdayWeight, 1 / (seen + 1.5)) * error;
    smoother.weekdays[weekday]! += step;
    for (let day = 0; day < week; day++) smoother.weekdays[day]! -= step / week;
    smoother.level += step / week;
  }
}
