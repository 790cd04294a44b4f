/**
 * How far a count lies from its expectation, as a standard normal number, where the noise may be a negative
 * binomial's or a logarithm's normal one: the family that finds it less surprising speaks.
 *
 * Upwards that is the transformation which makes the variance of a negative binomial count constant,
 * 2/√φ · asinh √(φ (y + 3/8)) (Anscombe 1948): a square root for small counts, the logarithm for large ones.
 * Downwards it is the smaller of that and the signed root of the negative binomial's deviance, since the
 * logarithm of a gamma number has a long lower tail. Both with a continuity correction of a half.
 */

const anscombe = 3 / 8;
const newtonSteps = 12;

/**
 * @param expected not below 0.
 * @param dispersion φ of variance μ + φμ², positive: the squared relative spread that is not the counting itself.
 * @returns 0 within half a count of the expectation; grows with the value.
 */
export function countResidual(value: number, expected: number, dispersion: number): number {
  if (value > expected) {
    const corrected = Math.max(expected, value - 0.5);
    return stabilised(corrected, dispersion) - stabilised(expected, dispersion);
  }
  const corrected = Math.min(expected, value + 0.5);
  const byRoot = stabilised(corrected, dispersion) - stabilised(expected, dispersion);
  return Math.max(byRoot, -Math.sqrt(deviance(corrected, expected, dispersion)));
}

/** The value, not below 0, whose residual is `residual`: the bound of an expected range. */
export function countAtResidual(residual: number, expected: number, dispersion: number): number {
  if (residual === 0) return expected;
  const byRoot = unstabilised(stabilised(expected, dispersion) + residual, dispersion);
  if (residual > 0) return Math.max(expected, byRoot + 0.5);
  const byDeviance = valueAtDeviance(residual * residual, expected, dispersion);
  return Math.max(0, Math.min(expected, byRoot, byDeviance) - 0.5);
}

function stabilised(value: number, dispersion: number): number {
  const root = Math.sqrt(dispersion);
  return (2 / root) * Math.asinh(root * Math.sqrt(value + anscombe));
}

function unstabilised(level: number, dispersion: number): number {
  const root = Math.sqrt(dispersion);
  return level <= 0 ? 0 : Math.max(0, (Math.sinh((level * root) / 2) / root) ** 2 - anscombe);
}

/**
 * Of a negative binomial with shape r = 1/φ, for a value y not above the expectation μ, in a form in which nothing
 * cancels: half of it is r δ² / (μ (y + r)) + y g(−r δ / (μ (y + r))) + r g(δ / (y + r)), δ = μ − y,
 * g(x) = log(1 + x) − x.
 */
function deviance(value: number, expected: number, dispersion: number): number {
  if (!(expected > 0)) return 0;
  const shape = 1 / dispersion;
  const missing = expected - value;
  const share = missing / (value + shape);
  if (value === 0) return 2 * shape * Math.log1p(share);
  const gap = (shape / expected) * share;
  return Math.max(0, 2 * (gap * missing + value * logLessItself(-gap) + shape * logLessItself(share)));
}

/** log(1 + x) − x, by its series near 0. */
function logLessItself(x: number): number {
  if (Math.abs(x) > 0.1) return Math.log1p(x) - x;
  let power = -x;
  let sum = 0;
  for (let n = 2; n <= 16; n++) {
    power *= -x;
    sum -= power / n;
  }
  return sum;
}

/** The value below the expectation with the deviance given; 0 where none is so deviant. By Newton: it is convex. */
function valueAtDeviance(wanted: number, expected: number, dispersion: number): number {
  if (deviance(0, expected, dispersion) <= wanted) return 0;
  const shape = 1 / dispersion;
  const least = expected * 1e-12;
  let value = Math.max(least, expected * Math.exp(-Math.sqrt(wanted * (dispersion + 1 / expected))));
  for (let step = 0; step < newtonSteps; step++) {
    const excess = deviance(value, expected, dispersion) - wanted;
    if (Math.abs(excess) <= 1e-12 * wanted) break;
    const slope = 2 * (Math.log(value / expected) - Math.log1p((value - expected) / (expected + shape)));
    value = Math.min(expected, Math.max(least, value - excess / slope));
  }
  return value;
}
