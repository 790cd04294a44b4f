/** Draws from the distributions that generated series need, each from a source of uniform numbers in (0, 1). */

export type Draw = () => number;

/** Standard normal (Box and Muller, 1958). */
export function normalOf(draw: Draw): number {
  return Math.sqrt(-2 * Math.log(draw())) * Math.cos(2 * Math.PI * draw());
}

/** Gamma of the shape given (at least 1) and scale 1 (Marsaglia and Tsang, 2000). */
export function gammaOf(draw: Draw, shape: number): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normalOf(draw);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(draw()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** Poisson: by multiplication below a mean of 50, above it by the normal law, rounded. */
export function poissonOf(draw: Draw, mean: number): number {
  if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normalOf(draw)));
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = draw(); product > limit; product *= draw()) count++;
  return count;
}
