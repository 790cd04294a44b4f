/** The season of a series: its indices by classical decomposition, taken off and put back. */

export interface SeasonalIndices {
  /** One a phase, phase 0 at index 0 of the series; factors about 1, or differences about 0. */
  indices: Float64Array;
  multiplicative: boolean;
}

/**
 * Indices over y[0..length): ratios to (differences from) the centred mean of a period, averaged by phase with
 * the latest `periods` of them. Needs two full periods.
 */
export function decompose(
  y: Float64Array,
  length: number,
  period: number,
  multiplicative: boolean,
  periods: number,
): SeasonalIndices {
  const reach = period >> 1;
  const edge = period % 2 === 0 ? 0.5 : 1;
  const from = Math.max(reach, length - reach - periods * period);
  const sums = new Float64Array(period);
  const squares = new Float64Array(period);
  const counts = new Float64Array(period);
  let window = 0;
  for (let i = from - reach; i <= from + reach; i++) window += y[i]!;
  for (let i = from; i + reach < length; i++) {
    const level = (window - (1 - edge) * (y[i - reach]! + y[i + reach]!)) / period;
    const phase = i % period;
    if (!multiplicative || level > 0) {
      const effect = multiplicative ? y[i]! / level : y[i]! - level;
      sums[phase] = sums[phase]! + effect;
      squares[phase] = squares[phase]! + effect * effect;
      counts[phase] = counts[phase]! + 1;
    }
    if (i + reach + 1 < length) window += y[i + reach + 1]! - y[i - reach]!;
  }
  return { indices: shrink(sums, squares, counts, multiplicative ? 1 : 0), multiplicative };
}

/**
 * Mean effects by phase, normalised about `neutral` and drawn towards it by as much as their spread is no more
 * than their own noise explains (after Miller & Williams 2003).
 */
function shrink(
  sums: Float64Array,
  squares: Float64Array,
  counts: Float64Array,
  neutral: number,
): Float64Array {
  const period = sums.length;
  let noise = 0;
  let degrees = 0;
  let total = 0;
  let most = 0;
  for (let k = 0; k < period; k++) {
    const count = counts[k]!;
    const average = count > 0 ? sums[k]! / count : neutral;
    noise += Math.max(0, squares[k]! - count * average * average);
    degrees += Math.max(0, count - 1);
    most = Math.max(most, count);
    sums[k] = average;
    total += average;
  }
  const centre = total / period;
  let spread = 0;
  for (let k = 0; k < period; k++) {
    sums[k] = neutral === 1 ? (centre > 0 ? sums[k]! / centre : 1) : sums[k]! - centre;
    spread += (sums[k]! - neutral) ** 2;
  }
  // With one period alone there is no telling noise from pattern.
  const error = degrees > 0 ? noise / degrees / most : 0;
  const kept = spread > 0 ? Math.max(0, 1 - (Math.max(0, period - 3) * error) / spread) : 1;
  return sums.map((effect) => neutral + kept * (effect - neutral));
}

/** A factor this close to 0 says that the phase is idle; dividing by it would make noise of it. */
const leastFactor = 0.05;

/** Writes y[0..length) without its season into `out`. */
export function removeSeason(
  y: Float64Array,
  length: number,
  season: SeasonalIndices,
  out: Float64Array,
): void {
  const { indices, multiplicative } = season;
  const period = indices.length;
  for (let i = 0, phase = 0; i < length; i++, phase = phase + 1 === period ? 0 : phase + 1) {
    out[i] = multiplicative ? y[i]! / Math.max(leastFactor, indices[phase]!) : y[i]! - indices[phase]!;
  }
}

/** Puts the season back on forecasts from `origin` on. */
export function addSeason(out: Float64Array, origin: number, season: SeasonalIndices): void {
  const { indices, multiplicative } = season;
  const period = indices.length;
  for (let k = 0; k < out.length; k++) {
    const effect = indices[(origin + k) % period]!;
    out[k] = multiplicative ? out[k]! * effect : out[k]! + effect;
  }
}

/** The last period again and again. */
export function forecastSeasonalNaive(
  y: Float64Array,
  origin: number,
  period: number,
  out: Float64Array,
): void {
  const lag = Math.min(period, origin);
  for (let k = 0; k < out.length; k++) out[k] = y[origin - lag + (k % lag)]!;
}
