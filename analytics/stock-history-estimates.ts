/** Differences of means with their intervals, weighted and plain. */
import { studentQuantile } from './distributions.js';
import { mean, variance } from './summary.js';

/** A figure with its 95 % interval. */
export interface Estimate {
  value: number;
  low: number;
  high: number;
}

function estimate(value: number, error: number, degrees: number): Estimate {
  const reach = studentQuantile(0.975, degrees) * error;
  return { value, low: value - reach, high: value + reach };
}

/** NaN where the weights add up to nothing. */
export function weightedMean(values: Float64Array, weights: Float64Array): number {
  let total = 0;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    total += weights[i]!;
    sum += weights[i]! * values[i]!;
  }
  return sum / total;
}

/**
 * The difference of two weighted means over the same values, its error the jackknife's (Tukey 1958), with as many
 * degrees of freedom as the first weights leave values (Kish 1965) less one. NaN where either weights rest on fewer
 * than two values.
 */
export function gainOver(values: Float64Array, own: Float64Array, other: Float64Array): Estimate {
  const n = values.length;
  const ownMean = weightedMean(values, own);
  const otherMean = weightedMean(values, other);
  const ownTotal = own.reduce((sum, weight) => sum + weight, 0);
  const otherTotal = other.reduce((sum, weight) => sum + weight, 0);
  // By how much leaving out a value moves the difference.
  const moves = values.map(
    (value, i) =>
      (own[i]! / (ownTotal - own[i]!)) * (value - ownMean) -
      (other[i]! / (otherTotal - other[i]!)) * (value - otherMean),
  );
  const about = mean(moves);
  let squares = 0;
  for (const move of moves) squares += (move - about) ** 2;
  const ownSquares = own.reduce((sum, weight) => sum + weight * weight, 0);
  const degrees = Math.max(1, (ownTotal * ownTotal) / ownSquares - 1);
  return estimate(ownMean - otherMean, Math.sqrt((squares * (n - 1)) / n), degrees);
}

/** Welch's interval of the difference of two means (1947); each sample has two values at least. */
export function differenceOfMeans(a: Float64Array, b: Float64Array): Estimate {
  const ofA = variance(a) / a.length;
  const ofB = variance(b) / b.length;
  const squared = ofA + ofB;
  // Scores that are all alike on both sides leave no error, and no degrees of freedom to speak of.
  const degrees = squared > 0 ? squared ** 2 / (ofA ** 2 / (a.length - 1) + ofB ** 2 / (b.length - 1)) : 1;
  return estimate(mean(a) - mean(b), Math.sqrt(squared), degrees);
}
