/** Which periods a series may have: a quick look at every whole one, to be tested properly afterwards. */
import { innovationsOf, fitAutoregression } from './autoregression.js';
import { fold, momentsOf } from './period-phases.js';
import { median, scaledMad } from './summary.js';

/** Harmonics that the quick look takes for a smooth wave. */
const smoothHarmonics = 3;
/** The best of each view that are worth a proper test: of the values about their line, and of what is new. */
const bestOfEach = [2, 3] as const;
const mostPeaks = 40;

/**
 * Periods worth testing, from 2 to `longest`, by two views: the values about their line, which show slow waves,
 * and what is new in each value, in which a wandering level cannot hide a pattern. Each is asked for any pattern
 * and for a smooth one. A multiple of a period that stands out more is left out.
 */
export function candidatePeriods(detrended: Float64Array, longest: number): Set<number> {
  const memory = fitAutoregression(detrended, 1, 2);
  const found = new Set<number>();
  const views = [detrended, innovationsOf(detrended, memory.coefficients)] as const;
  const waves = new Waves(longest);
  for (const [which, view] of views.entries()) {
    const any = new Float64Array(longest + 1).fill(Number.NEGATIVE_INFINITY);
    const smooth = new Float64Array(longest + 1).fill(Number.NEGATIVE_INFINITY);
    const clipped = clip(view);
    const moments = momentsOf(clipped);
    for (let period = 2; period <= longest; period++) {
      const folded = fold(clipped, period, moments);
      if (!(folded.total > 0)) continue;
      any[period] = fScore(folded.between, folded.total, period - 1, folded.n);
      if (period > 2 * smoothHarmonics + 1)
        smooth[period] = smoothScore(folded.means, folded.total, folded.n, waves);
    }
    for (const scores of [any, smooth])
      for (const period of peaks(scores, bestOfEach[which]!)) found.add(period);
  }
  return found;
}

/** One turn of a cosine and a sine at the points of a period, taken anew only when the period changes. */
class Waves {
  readonly cosines: Float64Array;
  readonly sines: Float64Array;
  private period = 0;

  constructor(longest: number) {
    this.cosines = new Float64Array(longest);
    this.sines = new Float64Array(longest);
  }

  turnIn(period: number): void {
    if (period === this.period) return;
    this.period = period;
    const cosine = Math.cos((2 * Math.PI) / period);
    const sine = Math.sin((2 * Math.PI) / period);
    let c = 1;
    let s = 0;
    for (let k = 0; k < period; k++) {
      this.cosines[k] = c;
      this.sines[k] = s;
      const turned = c * cosine - s * sine;
      s = s * cosine + c * sine;
      c = turned;
    }
  }
}

/** Values beyond four scaled MADs count as four. */
function clip(values: Float64Array): Float64Array {
  const centre = median(values);
  const limit = 4 * scaledMad(values, centre);
  if (!(limit > 0)) return values;
  return values.map((value) => Math.min(centre + limit, Math.max(centre - limit, value)));
}

function smoothScore(means: Float64Array, total: number, n: number, waves: Waves): number {
  const period = means.length;
  waves.turnIn(period);
  const { cosines, sines } = waves;
  let explained = 0;
  let best = Number.NEGATIVE_INFINITY;
  for (let h = 1; h <= smoothHarmonics; h++) {
    let a = 0;
    let b = 0;
    for (let k = 0, at = 0; k < period; k++) {
      const mean = means[k]!;
      a += mean * cosines[at]!;
      b += mean * sines[at]!;
      at += h;
      if (at >= period) at -= period;
    }
    explained += (2 * n * (a * a + b * b)) / (period * period);
    best = Math.max(best, fScore(explained, total, 2 * h, n));
  }
  return best;
}

/** F as a standard normal score, by Paulson's (1942) cube-root form: comparable over degrees of freedom. */
function fScore(explained: number, total: number, degrees: number, n: number): number {
  const rest = n - degrees - 1;
  if (rest < 1) return Number.NEGATIVE_INFINITY;
  const left = Math.max(total - explained, total * 1e-12);
  const root = Math.cbrt(explained / degrees / (left / rest));
  const a = 2 / (9 * degrees);
  const b = 2 / (9 * rest);
  return (root * (1 - b) - (1 - a)) / Math.sqrt(b * root * root + a);
}

function peaks(scores: Float64Array, most: number): number[] {
  const order: number[] = [];
  for (let period = 2; period < scores.length; period++) {
    const score = scores[period]!;
    if (score > 1 && score >= (scores[period - 1] ?? 0) && !(score < (scores[period + 1] ?? score))) {
      order.push(period);
    }
  }
  order.sort((a, b) => scores[b]! - scores[a]!);
  const kept: number[] = [];
  for (const period of order.slice(0, mostPeaks)) {
    if (kept.length === most) break;
    if (!kept.some((smaller) => period % smaller === 0)) kept.push(period);
  }
  // A strong pattern shows in every multiple of its period about as well as in the period itself.
  const divisors = kept.flatMap((period) =>
    order.filter(
      (smaller) => smaller < period && period % smaller === 0 && scores[smaller]! > scores[period]! / 2,
    ),
  );
  return [...kept, ...divisors];
}
