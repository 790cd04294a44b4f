/**
 * Launch decay: what a release gains falls from its publication on, fast at first and ever more slowly. A fall
 * of this kind is no trend of the release's own, no change and no anomaly.
 */
import { countFinite, medianInPlace } from './summary.js';

export interface LaunchOptions {
  /** Days from the publication to the first value; null where unknown. */
  ageAtStart: number | null;
}

export interface LaunchDecay {
  isLaunch: boolean;
  /** Days until the fitted curve is at half of its first day's value; null where it stays above that. */
  halfLifeDays: number | null;
  /**
   * First index from which on the fitted curve falls by less than a fiftieth a week; the series' length where
   * the decay has not come that far.
   */
  until: number;
  /** The fitted curve, one value a day; null where this is no launch. */
  curve: Float64Array | null;
  /** floor + (1 − floor) · (1 + age / scaleDays)^−exponent. */
  parameters: { exponent: number; scaleDays: number; floor: number } | null;
}

/** A series that begins later after its publication shows too little of the decay. */
const oldestStart = 14;
/** Zones apart, the first day may begin before the publication's own. */
const earliestStart = -1;
/** With no publication told, the fall itself has to tell: by this factor within the first four weeks. */
const tellingFall = 3;
/** With one told, a fall by this factor suffices. */
const plainFall = 1.5;
const firstDays = 28;
/** Fewer days show no shape. */
const fewestDays = 10;
/** Past this fall a week the decay is over. */
const weeklyFall = 0.02;
/** Share of the variance of the logarithms that the curve must explain. */
const explainedShare = 0.5;
/** A power must leave this much less than an exponential where no publication is told. */
const betterThanExponential = 0.8;
/** With one told, a fall that an exponential fits better is a launch's only where it halves within two weeks. */
const fastRate = Math.LN2 / 14;

const scales = [0.5, 1, 2, 4, 8, 16];
const exponents = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.5, 2, 2.5];
const floors = [0, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4];
const rates = [0.005, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2, 0.3, 0.5];

const none: LaunchDecay = { isLaunch: false, halfLifeDays: null, until: 0, curve: null, parameters: null };

/** Days of like age together: one a day at first, then wider, so that every part of the decay counts alike. */
interface AgeBins {
  ages: Float64Array;
  logs: Float64Array;
}

/**
 * Recognises a launch in daily amounts (≥ 0; NaN is a gap) by least squares on logarithms over bins of age: the
 * curve has to explain half of what a constant leaves, to fall enough, and to fit better than an exponential with
 * a floor, which is how other falls go: clearly so with no publication told; with one told, unless the exponential
 * is as fast as a launch.
 */
export function recogniseLaunch(values: Float64Array, options: LaunchOptions): LaunchDecay {
  const { ageAtStart } = options;
  if (ageAtStart !== null && (ageAtStart < earliestStart || ageAtStart > oldestStart)) return none;
  if (countFinite(values) < fewestDays) return none;
  const start = Math.max(0, ageAtStart ?? 0);
  const bins = binByAge(values, start);
  if (bins === null || bins.ages.length < 5) return none;
  const constant = residualOf(bins, () => 1);
  let best = { residual: Number.POSITIVE_INFINITY, exponent: 0, scaleDays: 1, floor: 0 };
  for (const scaleDays of scales) {
    for (const exponent of exponents) {
      const decays = bins.ages.map((age) => (1 + age / scaleDays) ** -exponent);
      for (const floor of floors) {
        const residual = residualOf(bins, (i) => floor + (1 - floor) * decays[i]!);
        if (residual < best.residual) best = { residual, exponent, scaleDays, floor };
      }
    }
  }
  if (!(best.residual < (1 - explainedShare) * constant)) return none;
  const exponential = bestExponential(bins);
  const isOther =
    ageAtStart === null
      ? best.residual > betterThanExponential * exponential.residual
      : best.residual > exponential.residual && exponential.rate < fastRate;
  if (isOther) return none;
  const { exponent, scaleDays, floor } = best;
  const curveAt = (age: number): number => floor + (1 - floor) * (1 + age / scaleDays) ** -exponent;
  const reach = Math.min(firstDays, values.length - 1);
  const fall = curveAt(start) / curveAt(start + reach);
  if (fall < (ageAtStart === null ? tellingFall : plainFall)) return none;
  let until = 0;
  while (until < values.length && 1 - curveAt(start + until + 7) / curveAt(start + until) >= weeklyFall)
    until++;
  return {
    isLaunch: true,
    halfLifeDays: floor < 0.5 ? scaleDays * (((0.5 - floor) / (1 - floor)) ** (-1 / exponent) - 1) : null,
    until,
    curve: Float64Array.from(values, (_, i) => curveAt(start + i)),
    parameters: { exponent, scaleDays, floor },
  };
}

function binByAge(values: Float64Array, start: number): AgeBins | null {
  const ages: number[] = [];
  const middles: number[] = [];
  let positive = Number.POSITIVE_INFINITY;
  const n = values.length;
  for (let from = 0; from < n;) {
    const width = Math.max(1, Math.round((start + from) / 6));
    const to = Math.min(n, from + width);
    const bin = values.subarray(from, to).filter((value) => Number.isFinite(value));
    if (bin.length > 0) {
      const middle = medianInPlace(bin);
      if (middle < 0) return null;
      if (middle > 0) positive = Math.min(positive, middle);
      ages.push(start + (from + to - 1) / 2);
      middles.push(middle);
    }
    from = to;
  }
  if (positive === Number.POSITIVE_INFINITY) return null;
  // A bin of zeros is low, not endless: half of the lowest that was seen.
  return {
    ages: Float64Array.from(ages),
    logs: Float64Array.from(middles, (middle) => Math.log(middle > 0 ? middle : positive / 2)),
  };
}

/** Sum of squares of the logarithms about a curve whose level is free. */
function residualOf(bins: AgeBins, curve: (index: number) => number): number {
  const { logs } = bins;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < logs.length; i++) {
    const difference = logs[i]! - Math.log(curve(i));
    sum += difference;
    squares += difference * difference;
  }
  return Math.max(0, squares - (sum * sum) / logs.length);
}

function bestExponential(bins: AgeBins): { residual: number; rate: number } {
  let best = { residual: Number.POSITIVE_INFINITY, rate: 0 };
  for (const rate of rates) {
    const decays = bins.ages.map((age) => Math.exp(-rate * age));
    for (const floor of floors) {
      const residual = residualOf(bins, (i) => floor + (1 - floor) * decays[i]!);
      if (residual < best.residual) best = { residual, rate };
    }
  }
  return best;
}
