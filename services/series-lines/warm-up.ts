/** Series of no one's, to run an analysis on until the engine has compiled it. */
import type { LineAnalysis } from './series-lines.js';

/**
 * Odd lengths among them: compiled on even ones alone, the first half of an odd length undoes the compiling of all
 * that follows, and twelve series of 200 points on average go at 45,000 points a second instead of 115,000.
 */
const lengths = [41, 330, 119, 697] as const;

/** A level that steps up, with a week and a scatter: what every analysis has something to say of. */
function seriesOf(length: number, level: number): number[] {
  return Array.from({ length }, (_, i) => {
    const step = i > 0.6 * length ? 14 : 0;
    return level + step + 8 * Math.sin((2 * Math.PI * i) / 7) + ((i * 7_919) % 101) / 10;
  });
}

/**
 * Runs the analysis until `cpuMs` has moved on by `budgetMs`. Twelve series of 200 points
 * on average went at 15,000 points a second as the first of a process, at 115,000 after this.
 */
export function warmUp(analysis: LineAnalysis, cpuMs: () => number, budgetMs: number): void {
  const prepared = lengths.map((length, which) => {
    // Some fall below zero, which amounts do not.
    const values = seriesOf(length, which === 0 ? 0 : 40);
    return analysis({ values, h: 14, period: 7 });
  });
  for (const end = cpuMs() + budgetMs; cpuMs() < end;) for (const analyse of prepared) analyse();
}
