/** How much each method has to say: by its errors over the rolling origins. */
import { meanAbsoluteError, type Trial } from './forecast-backtest.js';

/** A method worse than the best by more than this says nothing new. */
const cutoff = 2;
const sharpness = 4;

/**
 * Weights by inverse error, summing to 1; the naive method, which is the first, alone where the combination
 * would have been worse than it. Methods that some origins know too little for are compared over those they share with the first.
 * @param first index of the first method to be weighed; what stands before it measures only.
 */
export function weigh(trial: Trial, first = 0): number[] {
  const errors = relativeErrors(trial);
  const least = Math.min(...errors.filter((error, c) => c >= first && Number.isFinite(error)));
  const alone = errors.map((_, c) => (c === 0 ? 1 : 0));
  if (!Number.isFinite(least)) return alone;
  if (!(least > 0)) return errors.map((_, c) => (c === errors.indexOf(least, first) ? 1 : 0));
  const raw = errors.map((error, c) =>
    c >= first && error <= cutoff * least ? (least / error) ** sharpness : 0,
  );
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  const weights = raw.map((weight) => weight / total);
  const combined = meanAbsoluteError(trial.actual, combine(trial, weights));
  return combined <= meanAbsoluteError(trial.actual, trial.predicted[0]!) ? weights : alone;
}

/**
 * Each method's error over the mean error of those that every origin could ask, over the same points; NaN for a
 * method that no origin could ask.
 */
function relativeErrors({ actual, predicted }: Trial): number[] {
  const everywhere = predicted.filter((values) => values.every((value) => !Number.isNaN(value)));
  const reference = actual.map(
    (value, i) =>
      everywhere.reduce((sum, values) => sum + Math.abs(value - values[i]!), 0) / everywhere.length,
  );
  return predicted.map((values) => {
    let own = 0;
    let shared = 0;
    let count = 0;
    for (let i = 0; i < actual.length; i++) {
      const error = Math.abs(actual[i]! - values[i]!);
      if (Number.isNaN(error)) continue;
      own += error;
      shared += reference[i]!;
      count++;
    }
    if (count === 0) return Number.NaN;
    return shared > 0 ? own / shared : own > 0 ? Number.POSITIVE_INFINITY : 0;
  });
}

/** The combination's predictions over the trial; where a method is silent, the others share its weight. */
export function combine(trial: Trial, weights: readonly number[]): Float64Array {
  const predictions = new Float64Array(trial.actual.length);
  const totals = new Float64Array(trial.actual.length);
  trial.predicted.forEach((values, c) => {
    const weight = weights[c]!;
    if (!(weight > 0)) return;
    for (let i = 0; i < values.length; i++) {
      if (Number.isNaN(values[i]!)) continue;
      predictions[i] = predictions[i]! + weight * values[i]!;
      totals[i] = totals[i]! + weight;
    }
  });
  // Origins that none of the weighed methods could be asked at fall back on the naive one.
  return predictions.map((value, i) => (totals[i]! > 0 ? value / totals[i]! : trial.predicted[0]![i]!));
}
