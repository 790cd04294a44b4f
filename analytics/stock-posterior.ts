/**
 * What each source is worth, given the scores of the releases that it had a share in: a multiple-membership
 * model (Hill & Goldstein 1998; Browne, Goldstein & Rasbash 2001),
 *
 *   score_r = μ + Σ_k share_rk · u_k + e_r,   u_k ~ N(0, (ρσ)²),   e_r ~ N(0, σ²),   μ ~ N(5, σ²/2),
 *
 * each release's likelihood raised to the power of its weight (a power prior: Ibrahim & Chen 2000). Given ρ all of
 * it is conjugate and Henderson's mixed-model equations (1975) solve it. ρ, which decides how strong the shrinkage
 * is, is not fixed but integrated over, with a half-Cauchy prior (Gelman 2006).
 */

/** Middle of the scale, before anything is known. */
export const neutralScore = 5;
/** Releases' worth of evidence that the middle of the scale, and the spread of scores even over it, count as. */
const neutralWeight = 2;
const neutralVariance = 100 / 12;
/** Releases' worth of evidence that the scores' whole variance counts as for σ²; above 2, for a variance to exist. */
const varianceDegrees = 3;
/**
 * Median of the prior of ρ. Over simulated histories 95 % intervals held 93.5 % of the true means in the worst of
 * fifteen worlds with 2, and 92.7 % with 1, for errors of the same size.
 */
const cauchyScale = 2;
/** Midpoints of so many equally likely parts of the prior. */
const nodes = 12;

export interface CreditedScores {
  /** Number of sources. */
  sources: number;
  /** Scores less the middle of the scale, a release each. */
  scores: Float64Array;
  /** How much each release counts; they add up to the effective number of releases. */
  weights: Float64Array;
  /** Shares of release r are entries `starts[r]` to `starts[r + 1]`. */
  starts: Int32Array;
  source: Int32Array;
  share: Float64Array;
}

export interface SourcePosterior {
  /** The mean of a source without any evidence. */
  prior: number;
  /** Posterior mean and standard deviation a source. */
  mean: Float64Array;
  deviation: Float64Array;
  /** 0..1 a source: how far its own evidence, and not the prior, decides. */
  reliability: Float64Array;
  /** Points by which each entry of a share moves its source; a source's add up to its mean less the prior. */
  effects: Float64Array;
  /** Posterior mean of the share of a score's variance that goes with its source; 0..1. */
  varianceShare: number;
}

/** The posterior, the shrinkage integrated out. O(nodes · sources³ + nodes · entries). */
export function sourcePosterior(data: CreditedScores): SourcePosterior {
  const equations = normalEquations(data);
  const solved = Array.from({ length: nodes }, (_, node) => {
    const ratio = cauchyScale * Math.tan((Math.PI / 2) * ((node + 0.5) / nodes));
    return solve(equations, ratio);
  });
  const most = Math.max(...solved.map(({ logEvidence }) => logEvidence));
  const odds = solved.map(({ logEvidence }) => Math.exp(logEvidence - most));
  const total = odds.reduce((sum, one) => sum + one, 0);
  const { sources } = data;
  const posterior: SourcePosterior = {
    prior: neutralScore,
    mean: new Float64Array(sources),
    deviation: new Float64Array(sources),
    reliability: new Float64Array(sources),
    effects: new Float64Array(data.source.length),
    varianceShare: 0,
  };
  const squares = new Float64Array(sources);
  solved.forEach((one, node) => {
    const probability = odds[node]! / total;
    posterior.prior += probability * one.effects[0]!;
    posterior.varianceShare += (probability * one.ratio ** 2) / (1 + one.ratio ** 2);
    for (let k = 0; k < sources; k++) {
      const mean = one.effects[0]! + one.effects[k + 1]!;
      const own = equations.own[k]!;
      posterior.mean[k]! += probability * mean;
      squares[k]! += probability * (one.variances[k]! + mean * mean);
      posterior.reliability[k]! += (probability * own) / (own + 1 / one.ratio ** 2);
    }
    addEffects(data, equations, one, probability, posterior.effects);
  });
  for (let k = 0; k < sources; k++) {
    posterior.deviation[k] = Math.sqrt(Math.max(0, squares[k]! - posterior.mean[k]! ** 2));
    posterior.mean[k]! += neutralScore;
  }
  return posterior;
}

interface NormalEquations {
  /** (sources + 1)², row by row: the common mean first. Without the prior's part. */
  matrix: Float64Array;
  right: Float64Array;
  /** Σ weight · share² a source. */
  own: Float64Array;
  /** Σ weight. */
  total: number;
  squares: number;
  size: number;
}

function normalEquations({
  sources,
  scores,
  weights,
  starts,
  source,
  share,
}: CreditedScores): NormalEquations {
  const size = sources + 1;
  const matrix = new Float64Array(size * size);
  const right = new Float64Array(size);
  let total = 0;
  let squares = 0;
  for (let r = 0; r < scores.length; r++) {
    const weight = weights[r]!;
    const score = scores[r]!;
    total += weight;
    squares += weight * score * score;
    matrix[0]! += weight;
    right[0]! += weight * score;
    for (let i = starts[r]!; i < starts[r + 1]!; i++) {
      const row = (source[i]! + 1) * size;
      const credit = weight * share[i]!;
      right[source[i]! + 1]! += credit * score;
      matrix[row]! += credit;
      matrix[source[i]! + 1]! += credit;
      for (let j = starts[r]!; j < starts[r + 1]!; j++) matrix[row + source[j]! + 1]! += credit * share[j]!;
    }
  }
  const own = Float64Array.from({ length: sources }, (_, k) => matrix[(k + 1) * (size + 1)]!);
  return { matrix, right, own, total, squares, size };
}

interface Solution {
  ratio: number;
  logEvidence: number;
  /** The common mean less the middle of the scale, then each source's u. */
  effects: Float64Array;
  /** Of the common mean and u together, a source. */
  variances: Float64Array;
}

/** The posterior given ρ, up to a constant in its evidence. */
function solve(equations: NormalEquations, ratio: number): Solution {
  const { matrix, right, size, total, squares } = equations;
  const precision = 1 / (ratio * ratio);
  const work = matrix.slice();
  work[0]! += neutralWeight;
  for (let k = 1; k < size; k++) work[k * (size + 1)]! += precision;
  const logDeterminant = factorise(work, size);
  const inverse = invertFactor(work, size);
  const effects = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    // Lᵀ \ (L \ right), through the factor's inverse.
    let inner = 0;
    for (let j = 0; j <= i; j++) inner += inverse[i * size + j]! * right[j]!;
    for (let j = 0; j <= i; j++) effects[j]! += inverse[i * size + j]! * inner;
  }
  let residual = squares;
  for (let i = 0; i < size; i++) residual -= right[i]! * effects[i]!;
  const degrees = varianceDegrees + total;
  const spread = varianceDegrees * wholeVariance(equations) + Math.max(0, residual);
  // The variance of Student's t is its squared scale times degrees / (degrees − 2).
  const scale = spread / (degrees - 2);
  const variances = new Float64Array(size - 1);
  for (let i = 0; i < size; i++) {
    const common = inverse[i * size]!;
    for (let k = 1; k < size; k++) {
      const own = k <= i ? inverse[i * size + k]! : 0;
      variances[k - 1]! += scale * (common + own) ** 2;
    }
  }
  const logEvidence = ((size - 1) * Math.log(precision) - logDeterminant - degrees * Math.log(spread)) / 2;
  return { ratio, logEvidence, effects, variances };
}

/** Of the scores about their mean, drawn towards that of the whole scale. */
function wholeVariance({ right, squares, total }: NormalEquations): number {
  const about = total > 0 ? Math.max(0, squares - right[0]! ** 2 / total) : 0;
  return (neutralWeight * neutralVariance + about) / (neutralWeight + total);
}

/** Cholesky's factor L in the lower triangle, in place; returns the logarithm of the determinant. */
function factorise(work: Float64Array, size: number): number {
  let logDeterminant = 0;
  for (let j = 0; j < size; j++) {
    for (let i = j; i < size; i++) {
      let sum = work[i * size + j]!;
      for (let k = 0; k < j; k++) sum -= work[i * size + k]! * work[j * size + k]!;
      work[i * size + j] = i === j ? Math.sqrt(sum) : sum / work[j * size + j]!;
    }
    logDeterminant += 2 * Math.log(work[j * size + j]!);
  }
  return logDeterminant;
}

/** L⁻¹, lower triangular too. */
function invertFactor(factor: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size);
  for (let j = 0; j < size; j++) {
    inverse[j * size + j] = 1 / factor[j * size + j]!;
    for (let i = j + 1; i < size; i++) {
      let sum = 0;
      for (let k = j; k < i; k++) sum -= factor[i * size + k]! * inverse[k * size + j]!;
      inverse[i * size + j] = sum / factor[i * size + i]!;
    }
  }
  return inverse;
}

/**
 * A row of the equations solved for its source: what the release's score leaves after the common mean and what
 * its other sources account for, weighed by the credit.
 */
function addEffects(
  data: CreditedScores,
  equations: NormalEquations,
  { ratio, effects }: Solution,
  probability: number,
  into: Float64Array,
): void {
  const { scores, weights, starts, source, share } = data;
  const precision = 1 / (ratio * ratio);
  for (let r = 0; r < scores.length; r++) {
    let rest = scores[r]! - effects[0]!;
    for (let i = starts[r]!; i < starts[r + 1]!; i++) rest -= share[i]! * effects[source[i]! + 1]!;
    for (let i = starts[r]!; i < starts[r + 1]!; i++) {
      const k = source[i]!;
      const left = rest + share[i]! * effects[k + 1]!;
      into[i]! += (probability * weights[r]! * share[i]! * left) / (equations.own[k]! + precision);
    }
  }
}
