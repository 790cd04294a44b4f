/** Cycles of a length that nobody told: found by harmonic regression, confirmed on the other half. */
import { pearson } from './correlation.js';
import { fSf } from './distributions.js';
import { countFinite } from './summary.js';

export interface Cycle {
  /** In points; to the nearest that the search tried. */
  period: number;
  /** Share of the variance about the straight line that the wave explains; 0..1. */
  strength: number;
  /** F test of the wave against the line alone, times the number of periods tried (Bonferroni). */
  p: number;
  /** Half the distance from trough to crest, in the values' unit. */
  amplitude: number;
}

interface Wave {
  coefficients: [level: number, slope: number, cosine: number, sine: number];
  residual: number;
}

const shortestCycle = 4;

/**
 * The wave that best explains what a straight line leaves, among periods from 4 points to 40 % of the series.
 * Null below 16 finite points and where no wave foretells the second half from the first.
 */
export function findCycle(values: Float64Array): Cycle | null {
  const n = values.length;
  const known = countFinite(values);
  if (known < 16) return null;
  const line = fitWave(values, 0, n, null);
  if (!(line.residual > 0)) return null;
  let best: { period: number; wave: Wave } | null = null;
  let tried = 0;
  // Steps of frequency a quarter of the resolution: a finer grid finds the same crest again.
  for (let frequency = 2.5 / n; frequency <= 1 / shortestCycle; frequency += 0.25 / n) {
    const wave = fitWave(values, 0, n, 2 * Math.PI * frequency);
    tried++;
    if (best === null || wave.residual < best.wave.residual) best = { period: 1 / frequency, wave };
  }
  if (best === null || !confirmedOnOtherHalf(values, best.period)) return null;
  const { wave, period } = best;
  const explained = line.residual - wave.residual;
  const degrees = known - 5;
  const p = wave.residual > 0 ? fSf(explained / 2 / (wave.residual / degrees), 2, degrees) : 0;
  return {
    period,
    strength: explained / line.residual,
    p: Math.min(1, (p * tried) / 4),
    amplitude: Math.hypot(wave.coefficients[2], wave.coefficients[3]),
  };
}

/** A smooth wander passes for a wave where it was fitted; only a cycle goes on as foretold. */
function confirmedOnOtherHalf(values: Float64Array, period: number): boolean {
  const half = values.length >> 1;
  if (half < period) return false;
  const omega = (2 * Math.PI) / period;
  const [, , cosine, sine] = fitWave(values, 0, half, omega).coefficients;
  const line = fitWave(values, half, values.length, null).coefficients;
  const later = values.subarray(half).map((value, i) => value - line[0] - line[1] * (half + i));
  const foretold = later.map(
    (_, i) => cosine * Math.cos(omega * (half + i)) + sine * Math.sin(omega * (half + i)),
  );
  return (pearson(later, foretold)?.r ?? 0) >= 0.5;
}

/** Least squares of level, slope and, where `omega` (radians a point) is told, a wave over [from, to). */
function fitWave(values: Float64Array, from: number, to: number, omega: number | null): Wave {
  const size = omega === null ? 2 : 4;
  const normal = Array.from({ length: size }, () => new Float64Array(size + 1));
  const row = new Float64Array(size + 1);
  const fill = (i: number): void => {
    row[0] = 1;
    row[1] = i;
    if (omega !== null) {
      row[2] = Math.cos(omega * i);
      row[3] = Math.sin(omega * i);
    }
    row[size] = values[i]!;
  };
  for (let i = from; i < to; i++) {
    if (!Number.isFinite(values[i]!)) continue;
    fill(i);
    for (let a = 0; a < size; a++) {
      for (let b = a; b <= size; b++) normal[a]![b] = normal[a]![b]! + row[a]! * row[b]!;
    }
  }
  const solution = solveSymmetric(normal, size);
  let residual = 0;
  for (let i = from; i < to; i++) {
    if (!Number.isFinite(values[i]!)) continue;
    fill(i);
    let error = row[size]!;
    for (let a = 0; a < size; a++) error -= solution[a]! * row[a]!;
    residual += error * error;
  }
  return {
    coefficients: [solution[0]!, solution[1]!, solution[2] ?? 0, solution[3] ?? 0],
    residual,
  };
}

/** Gauss elimination of an upper triangle with its right-hand side; a vanishing pivot gives 0. */
function solveSymmetric(normal: Float64Array[], size: number): Float64Array {
  for (let a = 0; a < size; a++) for (let b = 0; b < a; b++) normal[a]![b] = normal[b]![a]!;
  for (let a = 0; a < size; a++) {
    const pivot = normal[a]![a]!;
    for (let b = a + 1; b < size; b++) {
      const factor = pivot > 0 ? normal[b]![a]! / pivot : 0;
      for (let c = a; c <= size; c++) normal[b]![c] = normal[b]![c]! - factor * normal[a]![c]!;
    }
  }
  const solution = new Float64Array(size);
  for (let a = size - 1; a >= 0; a--) {
    let value = normal[a]![size]!;
    for (let b = a + 1; b < size; b++) value -= normal[a]![b]! * solution[b]!;
    solution[a] = normal[a]![a]! > 0 ? value / normal[a]![a]! : 0;
  }
  return solution;
}
