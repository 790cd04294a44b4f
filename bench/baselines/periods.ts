/** What the periods are measured beside: the highest peak of the autocorrelation. */

/**
 * The lag from 2 to a third of the points at which the autocorrelation of what a straight line leaves has its
 * highest local peak, above the 95 % limit of white noise; null where there is none.
 */
export function autocorrelationPeak(values: Float64Array): number | null {
  const residuals = detrended(values);
  const n = residuals.length;
  const longest = Math.floor(n / 3);
  const squares = residuals.reduce((sum, value) => sum + value * value, 0);
  const correlation = Float64Array.from({ length: longest + 2 }, (_, lag) => {
    let products = 0;
    for (let i = lag; i < n; i++) products += residuals[i]! * residuals[i - lag]!;
    return squares > 0 ? products / squares : 0;
  });
  let best: number | null = null;
  let height = 1.96 / Math.sqrt(n);
  for (let lag = 2; lag <= longest; lag++) {
    const here = correlation[lag]!;
    if (here <= height || here < correlation[lag - 1]! || here < correlation[lag + 1]!) continue;
    [best, height] = [lag, here];
  }
  return best;
}

function detrended(values: Float64Array): Float64Array {
  const n = values.length;
  const centre = (n - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  let products = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    products += (i - centre) * (values[i]! - mean);
    squares += (i - centre) ** 2;
  }
  return values.map((value, i) => value - mean - (products / squares) * (i - centre));
}
