/** A correlation within strata, pooled over them, and whether the strata agree. */
import { pearson } from './correlation.js';
import { logChiSquaredSf, logNormalSf, normalQuantile } from './distributions.js';

export interface Stratum {
  level: string;
  r: number;
  n: number;
  ci: [low: number, high: number];
}

export interface StratifiedResult {
  strata: Stratum[];
  /** Mean of Fisher's z weighted by n − 3, as r. */
  pooled: number;
  interval: [low: number, high: number];
  p: number;
  /** Cochran's Q of the z, with its p by chi-squared; I² is (Q − df) / Q, 0 at the least. */
  q: number;
  qP: number;
  iSquared: number;
}

/** Pairs that a stratum needs: below, the variance of z, 1 / (n − 3), says nothing. */
const leastPerStratum = 5;
/** Beyond this |r| Fisher's z has no finite value to pool. */
const nearlyOne = 1 - 1e-12;

/**
 * Pearson's correlation within each level, pooled by Fisher's z (Hedges & Olkin 1985), with Cochran's Q (1954)
 * and I² (Higgins & Thompson 2002). Strata with fewer than five pairs or a constant side are left out.
 * Null where fewer than two are left.
 */
export function stratifiedCorrelation(
  x: Float64Array,
  y: Float64Array,
  levels: readonly (string | null)[],
  confidence = 0.95,
): StratifiedResult | null {
  const rowsOf = new Map<string, number[]>();
  levels.forEach((level, i) => {
    if (level === null || !Number.isFinite(x[i]!) || !Number.isFinite(y[i]!)) return;
    const rows = rowsOf.get(level);
    if (rows === undefined) rowsOf.set(level, [i]);
    else rows.push(i);
  });
  if (rowsOf.size < 2) return null;
  const strata: Stratum[] = [];
  for (const [level, rows] of rowsOf) {
    if (rows.length < leastPerStratum) continue;
    const found = pearson(
      Float64Array.from(rows, (i) => x[i]!),
      Float64Array.from(rows, (i) => y[i]!),
      confidence,
    );
    if (found !== null) strata.push({ level, r: found.r, n: found.n, ci: found.ci });
  }
  if (strata.length < 2) return null;
  const z = strata.map(({ r }) => Math.atanh(Math.max(-nearlyOne, Math.min(nearlyOne, r))));
  const weights = strata.map(({ n }) => n - 3);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const centre = z.reduce((sum, value, i) => sum + weights[i]! * value, 0) / total;
  const q = z.reduce((sum, value, i) => sum + weights[i]! * (value - centre) ** 2, 0);
  const df = strata.length - 1;
  const reach = normalQuantile(0.5 + confidence / 2) / Math.sqrt(total);
  return {
    strata,
    pooled: Math.tanh(centre),
    interval: [Math.tanh(centre - reach), Math.tanh(centre + reach)],
    p: Math.exp(Math.LN2 + logNormalSf(Math.abs(centre) * Math.sqrt(total))),
    q,
    qP: Math.exp(logChiSquaredSf(q, df)),
    iSquared: q > df ? (q - df) / q : 0,
  };
}
