/**
 * How far a value lies from its expectation, as a standard normal number. Counts: by the transformation that
 * makes the variance of a negative binomial count constant, 2/√φ · asinh √(φ (y + 3/8)) (Anscombe 1948), with a
 * continuity correction of a half. It is the square root of a Poisson count for small ones and the logarithm
 * for large ones, so one residual serves five views a day as well as a million.
 */

const anscombe = 3 / 8;

/**
 * @param dispersion φ of variance μ + φμ², positive: the squared relative spread that is not the counting itself.
 * @returns 0 within half a count of the expectation.
 */
export function countResidual(value: number, expected: number, dispersion: number): number {
  const corrected = value > expected ? Math.max(expected, value - 0.5) : Math.min(expected, value + 0.5);
  const root = Math.sqrt(dispersion);
  return (2 / root) * (stabilised(corrected, root) - stabilised(expected, root));
}

/** The value, not below 0, whose residual is `residual`: the bound of an expected range. */
export function countAtResidual(residual: number, expected: number, dispersion: number): number {
  if (residual === 0) return expected;
  const root = Math.sqrt(dispersion);
  const at = stabilised(expected, root) + (residual * root) / 2;
  if (at <= 0) return 0;
  const value = (Math.sinh(at) / root) ** 2 - anscombe + (residual > 0 ? 0.5 : -0.5);
  return residual > 0 ? Math.max(expected, value) : Math.min(expected, Math.max(0, value));
}

function stabilised(value: number, root: number): number {
  return Math.asinh(root * Math.sqrt(value + anscombe));
}
