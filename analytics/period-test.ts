/** A proper test of one period: do the phases differ, over noise that remembers? */
import { fitAutoregression, innovationsOf } from './autoregression.js';
import { degreesOf, explainedBy, fold, smoothPhases } from './period-phases.js';
import { logIncompleteBeta } from './special-functions.js';
import { scaledMad } from './summary.js';

export interface PeriodTest {
  period: number;
  /** Waves of the pattern: half the period where it may be any. */
  harmonics: number;
  /** ln p of the F test of the pattern in what is new, before any correction for the number of periods tried. */
  logP: number;
}

/** Noise remembers up to this many values, fewer in a short series. */
const longestMemory = 5;
const pointsAnOrder = 20;
/** Residuals beyond this many scaled MADs count as that many: an event is no lack of a pattern. */
const clipAt = 4;

/**
 * Tests a period with one, two, three and all of its harmonics over an autoregressive noise whose memory is
 * estimated on what the pattern leaves, so that a strong pattern is not taken for memory. What is new in each
 * value is independent under no pattern, and the pattern is in it filtered but of the same period.
 * `detrended` is about zero with NaN for gaps.
 */
export function testPeriod(detrended: Float64Array, period: number): PeriodTest[] {
  const all = Math.floor(period / 2);
  const folded = fold(detrended, period);
  const tries = [1, 2, 3, all].filter(
    (harmonics, i, list) => harmonics <= all && list.indexOf(harmonics) === i,
  );
  return tries.flatMap((harmonics) => {
    const pattern = smoothPhases(folded, harmonics);
    const rest = winsorise(without(detrended, pattern, folded.mean));
    const order = Math.max(1, Math.min(longestMemory, Math.floor(folded.n / pointsAnOrder)));
    const { coefficients } = fitAutoregression(rest, order, 2 + (harmonics < all ? 2 * harmonics : 0));
    const logP = testInnovations(
      innovationsOf(detrended, coefficients),
      period,
      harmonics,
      coefficients.length + 2,
    );
    return logP === null ? [] : [{ period, harmonics, logP }];
  });
}

/** The values less a level and the pattern of their phase. */
export function without(values: Float64Array, pattern: Float64Array, level: number): Float64Array {
  const rest = new Float64Array(values.length);
  const period = pattern.length;
  for (let i = 0, phase = 0; i < rest.length; i++) {
    rest[i] = values[i]! - level - pattern[phase]!;
    if (++phase === period) phase = 0;
  }
  return rest;
}

/** Residuals about zero beyond four scaled MADs count as four, in place. */
function winsorise(residuals: Float64Array): Float64Array {
  if (!mayStandOff(residuals)) return residuals;
  const limit = clipAt * scaledMad(residuals, 0);
  if (!(limit > 0)) return residuals;
  for (let i = 0; i < residuals.length; i++) {
    const residual = residuals[i]!;
    if (residual > limit) residuals[i] = limit;
    else if (residual < -limit) residuals[i] = -limit;
  }
  return residuals;
}

/**
 * Whether the largest residual may be beyond the limit: whether half of all are below what the median would have
 * to be for that. Mostly not, and a selection is saved.
 */
function mayStandOff(residuals: Float64Array): boolean {
  let largest = 0;
  let n = 0;
  for (let i = 0; i < residuals.length; i++) {
    const size = Math.abs(residuals[i]!);
    if (size > largest) largest = size;
    if (size === size) n++;
  }
  const needed = largest / (clipAt * 1.48);
  let below = 0;
  for (let i = 0; i < residuals.length; i++) if (Math.abs(residuals[i]!) < needed) below++;
  return below >= n >> 1;
}

function testInnovations(
  innovations: Float64Array,
  period: number,
  harmonics: number,
  spent: number,
): number | null {
  const folded = fold(winsorise(innovations), period);
  const degrees = degreesOf(period, harmonics);
  const rest = folded.n - degrees - spent;
  if (rest < 3 || !(folded.total > 0)) return null;
  const pattern = smoothPhases(folded, harmonics);
  const explained = Math.min(folded.total, explainedBy(folded, pattern));
  const left = Math.max(folded.total - explained, folded.total * 1e-14);
  const ratio = (explained * rest) / left;
  return logIncompleteBeta(rest / 2, degrees / 2, rest / (rest + ratio), ratio / (rest + ratio));
}
