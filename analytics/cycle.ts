/** Cycles of a length that nobody told: found by harmonic regression, confirmed on the other half. */
import { pearson } from './correlation.js';
import { fSf } from './distributions.js';
import { countFinite, mean } from './summary.js';

export interface Cycle {
  /** In points; to the nearest that the search tried. */
  period: number;
  /** Share of the variance about the straight line that the wave explains; 0..1. */
  strength: number;
  /** F test of the wave against the line alone, times the number of separate periods tried (Bonferroni). */
  p: number;
  /** Half the distance from trough to crest, in the values' unit. */
  amplitude: number;
}

interface Wave {
  coefficients: [level: number, slope: number, cosine: number, sine: number];
  residual: number;
}

interface Found {
  frequency: number;
  wave: Wave;
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
  const level = mean(values);
  const line = fitWave(
    values.map((value) => value - level),
    0,
    n,
    null,
  );
  if (!(line.residual > 0)) return null;
  const detrended = values.map((value, i) => value - level - line.coefficients[0] - line.coefficients[1] * i);
  const waveAt = (frequency: number): Found => ({
    frequency,
    wave: fitWave(detrended, 0, n, 2 * Math.PI * frequency),
  });
  const better = (a: Found, b: Found): Found => (b.wave.residual < a.wave.residual ? b : a);
  let best = waveAt(2.5 / n);
  let tried = 1;
  for (let frequency = 3 / n; frequency <= 1 / shortestCycle; frequency += 0.5 / n) {
    best = better(best, waveAt(frequency));
    tried++;
  }
  for (const step of [0.25, 0.125]) {
    const { frequency } = best;
    best = [-step, step].map((shift) => waveAt(frequency + shift / n)).reduce(better, best);
  }
  const period = 1 / best.frequency;
  if (!confirmedOnOtherHalf(detrended, period)) return null;
  const { wave } = best;
  const explained = line.residual - wave.residual;
  const degrees = known - 5;
  const p = wave.residual > 0 ? fSf(explained / 2 / (wave.residual / degrees), 2, degrees) : 0;
  return {
    period,
    strength: explained / line.residual,
    // Half the resolution apart, every other frequency asks something new.
    p: Math.min(1, (p * tried) / 2),
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

/**
 * Least squares of level, slope and, where `omega` (radians a point) is told, a wave over [from, to). One pass:
 * cosine and sine turn by a rotation a point, and the residual follows from the normal equations.
 */
function fitWave(values: Float64Array, from: number, to: number, omega: number | null): Wave {
  const size = omega === null ? 2 : 4;
  const normal = Array.from({ length: size }, () => new Float64Array(size + 1));
  const row = new Float64Array(size + 1);
  const turnCosine = Math.cos(omega ?? 0);
  const turnSine = Math.sin(omega ?? 0);
  let cosine = Math.cos((omega ?? 0) * from);
  let sine = Math.sin((omega ?? 0) * from);
  let squares = 0;
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    if (Number.isFinite(value)) {
      row[0] = 1;
      row[1] = i;
      if (size === 4) {
        row[2] = cosine;
        row[3] = sine;
      }
      row[size] = value;
      squares += value * value;
      for (let a = 0; a < size; a++) {
        const target = normal[a]!;
        const factor = row[a]!;
        for (let b = a; b <= size; b++) target[b] = target[b]! + factor * row[b]!;
      }
    }
    const turned = cosine * turnCosine - sine * turnSine;
    sine = sine * turnCosine + cosine * turnSine;
    cosine = turned;
  }
  const explained = normal.map((equation) => equation[size]!);
  const solution = solveSymmetric(normal, size);
  let residual = squares;
  for (let a = 0; a < size; a++) residual -= solution[a]! * explained[a]!;
  return {
    coefficients: [solution[0]!, solution[1]!, solution[2] ?? 0, solution[3] ?? 0],
    // What is left of the squares after subtraction is rounding below a trillionth of them.
    residual: residual > squares * 1e-12 ? residual : 0,
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
