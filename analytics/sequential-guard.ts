/**
 * The guard on peeking: levels that hold although a test is looked at as often as anybody likes. Two boundaries
 * stand side by side, each with its part of the error: O'Brien and Fleming's (1979) in its limit of unbroken
 * monitoring up to the planned sample, which costs little there, and the mixture boundary of Robbins (1970) and
 * Johari, Pekelis & Walsh (2017), which holds for ever and so serves a test that runs past its plan. By Boole's
 * inequality the two together err no more often than their parts add up to.
 */
import { normalQuantile, normalSf } from './distributions.js';

export const guardMethod = "O'Brien–Fleming with continuous looks, and a normal mixture";
export const guardVersion = 1;

/**
 * Monitoring by the first boundary ends a tenth past the plan: observations come in batches, and a plan that is
 * overshot by one batch must not lose its answer. It raises the sample by 7 %.
 */
export const monitoringHorizon = 1.1;
/** Part of the error that the first boundary has; the mixture has the rest. */
const plannedShare = 0.9;
/**
 * Mixture variance over that of the estimate at the horizon. There it gives the smallest critical value for a
 * level of 0.05, and for levels from 0.01 to 0.1 one within 0.1 % of the smallest.
 */
const mixtureRatio = 13;
/** A level below it makes limits that no number holds; nothing that happens is so rare. */
const leastLevel = 1e-300;

/** P(max |B(t)| ≥ b over 0 ≤ t ≤ 1) of a Brownian motion; Feller, vol. II (1971), X.5, by images or by sines. */
export function brownianMaximumSf(b: number): number {
  if (!(b > 0)) return Number.isNaN(b) ? Number.NaN : 1;
  let sum = 0;
  if (b < 1) {
    for (let k = 0; k < 40; k++) {
      const odd = 2 * k + 1;
      sum += ((k % 2 === 0 ? 1 : -1) / odd) * Math.exp((-odd * odd * Math.PI * Math.PI) / (8 * b * b));
    }
    return Math.min(1, 1 - (4 / Math.PI) * sum);
  }
  for (let k = 0; k < 40; k++) sum += (k % 2 === 0 ? 1 : -1) * normalSf((2 * k + 1) * b);
  return 4 * sum;
}

/** b with P(max |B| ≥ b) = level, 0 < level < 1: bisection between the bounds of the first image. */
function brownianMaximumQuantile(level: number): number {
  let low = 0;
  let high = Math.max(2, -normalQuantile(level / 4) + 1e-6);
  for (let step = 0; step < 100 && high - low > 1e-15 * high; step++) {
    const middle = (low + high) / 2;
    if (brownianMaximumSf(middle) > level) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * A p that stays valid at whatever moment one looks: over a whole test without a difference it falls to α or
 * below with a probability of α at most.
 * @param z the statistic of the moment, standard normal where there is no difference.
 * @param fraction information collected over information planned; above 0, and 1 at the planned sample.
 */
export function alwaysValidP(z: number, fraction: number): number {
  if (!(fraction > 0) || Number.isNaN(z)) return Number.NaN;
  const time = fraction / monitoringHorizon;
  const planned = time <= 1 ? brownianMaximumSf(Math.abs(z) * Math.sqrt(time)) : 1;
  const spread = 1 + mixtureRatio * time;
  const mixture = Math.sqrt(spread) * Math.exp((-z * z * (spread - 1)) / (2 * spread));
  return Math.min(1, planned / plannedShare, mixture / (1 - plannedShare));
}

/** The |z| that a test of two-sided level `alpha` needs at `fraction`: `alwaysValidP` of it is `alpha`. */
export function criticalZ(alpha: number, fraction: number): number {
  const time = fraction / monitoringHorizon;
  const spread = 1 + mixtureRatio * time;
  const squared = (spread / (spread - 1)) * (Math.log(spread) - 2 * Math.log((1 - plannedShare) * alpha));
  const mixture = Math.sqrt(squared);
  if (!(time <= 1)) return mixture;
  return Math.min(mixture, brownianMaximumQuantile(plannedShare * alpha) / Math.sqrt(time));
}

/** The level that an ordinary two-sided test is held to at `fraction`; its intervals take 1 − it. */
export function guardedLevel(alpha: number, fraction: number): number {
  return Math.max(leastLevel, 2 * normalSf(criticalZ(alpha, fraction)));
}
