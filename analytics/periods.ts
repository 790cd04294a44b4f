/**
 * Seasonality: which whole periods a series has, found without being told. Every period is looked at quickly,
 * the ones that stand out are tested over noise that remembers, and the one least likely by chance is taken out before the
 * next is looked for.
 */
import { degreesOf, fold, smoothPhases } from './period-phases.js';
import { without } from './period-test.js';
import { clearestPeriod } from './period-choice.js';
import { countFinite, mean, median, quantile } from './summary.js';

export const periodMethod = { method: 'phases-over-autoregression', version: 2 } as const;

export interface PeriodOptions {
  /** Points a day: tells which periods the calendar suggests (a week, a day); all common ones unless told. */
  samplesPerDay?: number;
  /** Nothing else is looked for where these are told. */
  candidates?: readonly number[];
  /** Chance of naming any period where there is none; 0.005 unless told. */
  significance?: number;
  /** At most so many periods; 3 unless told. */
  most?: number;
}

export interface DetectedPeriod {
  /** In points. */
  period: number;
  /** Waves of the pattern; half the period where it may be any. */
  harmonics: number;
  /** Share of the variance about a straight line that the pattern explains, corrected for its coefficients; 0..1. */
  strength: number;
  /** F test over autoregressive noise, corrected for the number of periods tried. */
  p: number;
}

export interface PeriodSearch {
  method: string;
  version: number;
  parameters: { significance: number; longest: number; calendar: readonly number[]; logarithms: boolean };
  n: number;
  /** The plainest first; the next ones are in what the ones before it leave. */
  periods: DetectedPeriod[];
  /** Why nothing was looked for; null where it was. */
  withheld: string | null;
}

/** Fewer points tell nothing. */
const fewestPoints = 12;
/** A period is looked for where it was seen this often; one that the calendar suggests needs one time less. */
const cycles = 4;
const calendarCycles = 3;
/** Longer ones are not looked for unless the calendar suggests them: the look costs the square of it. */
const longestScanned = 400;
/** Periods of the calendar at a sampling that nobody told: quarters and months of a year, days of a week, hours. */
const commonPeriods = [4, 7, 12, 24, 52, 168, 365];
/**
 * A harmonic of a period that was taken out is named where it explains this share of what the strongest does: less
 * is what a smooth pattern left of it.
 */
const harmonicShare = 0.5;
/** At most so many are taken out without being named. */
const mostHarmonics = 2;
/** Where the upper decile is this many times the median, levels are compared by their ratios. */
const wideSpread = 2;

/**
 * The periods of a series in points; NaN is a gap. The chance of naming any where there is none is kept to
 * `significance`: four fifths of it are spent on the periods that the calendar suggests, one on all the others
 * (Bonferroni within each). Amounts whose level varies widely are looked at in logarithms.
 */
export function detectPeriods(values: Float64Array, options: PeriodOptions = {}): PeriodSearch {
  const significance = options.significance ?? 0.005;
  const n = countFinite(values);
  const length = values.length;
  const calendar = calendarPeriods(options).filter((period) => length >= calendarCycles * period);
  const longest =
    options.candidates === undefined ? Math.min(longestScanned, Math.floor(length / cycles)) : 1;
  const logarithms = isWide(values);
  const search: PeriodSearch = {
    ...periodMethod,
    parameters: { significance, longest, calendar, logarithms },
    n,
    periods: [],
    withheld: null,
  };
  if (n < fewestPoints) {
    const missing = fewestPoints - n;
    return { ...search, withheld: `needs ${missing} more ${missing === 1 ? 'point' : 'points'}` };
  }
  const whole = detrend(logarithms ? logarithmsOf(values) : values);
  const total = squares(whole);
  if (!(total > 0)) return search;
  let rest = whole;
  const most = options.most ?? 3;
  const known: number[] = [];
  while (search.periods.length < most && known.length < most + mostHarmonics) {
    const found = clearestPeriod(rest, { calendar, longest, significance, known });
    if (found === null) break;
    const folded = fold(rest, found.period);
    const next = without(rest, smoothPhases(folded, found.harmonics), folded.mean);
    const degrees = degreesOf(found.period, found.harmonics);
    const left = squares(next);
    const share = total > 0 ? (squares(rest) - left) / total : 0;
    const free = Math.max(1, n - degrees - 1);
    const strength = Math.max(0, Math.min(1, share - ((left / total) * degrees) / free));
    const isHarmonic =
      !calendar.includes(found.period) && known.some((one) => isHarmonicOf(found.period, one, length));
    known.push(found.period);
    rest = next;
    const strongest = search.periods.reduce((highest, one) => Math.max(highest, one.strength), 0);
    if (isHarmonic && strength < harmonicShare * strongest) continue;
    search.periods.push({
      period: found.period,
      harmonics: found.harmonics,
      strength,
      p: Math.exp(found.logP),
    });
  }
  return search;
}

/** Whether n points cannot tell a period from a whole part of a longer one. */
function isHarmonicOf(period: number, fundamental: number, n: number): boolean {
  const part = Math.round(fundamental / period);
  return part >= 2 && Math.abs(fundamental / part - period) <= (period * period) / (2 * n);
}

function calendarPeriods(options: PeriodOptions): number[] {
  if (options.candidates !== undefined) return options.candidates.filter((period) => period >= 2);
  const { samplesPerDay } = options;
  if (samplesPerDay === undefined) return commonPeriods;
  return [samplesPerDay, 7 * samplesPerDay, ...(samplesPerDay === 1 ? [365] : [])].filter(
    (period) => Number.isInteger(period) && period >= 2,
  );
}

function isWide(values: Float64Array): boolean {
  for (const value of values) if (value < 0) return false;
  const middle = median(values);
  return middle > 0 && quantile(values, 0.9) > wideSpread * middle;
}

/** Logarithms, with a tenth of the median added so that a zero is low and not endless. */
function logarithmsOf(values: Float64Array): Float64Array {
  const offset = median(values) / 10;
  return values.map((value) => Math.log(value + offset));
}

/**
 * The values about their straight line, in units of their own spread, so that their scale matters nowhere; zeros
 * where they are constant but for rounding.
 */
function detrend(values: Float64Array): Float64Array {
  const centre = mean(values);
  let largest = 0;
  for (const value of values) if (Math.abs(value - centre) > largest) largest = Math.abs(value - centre);
  if (!(largest > Math.abs(centre) * 1e-12))
    return values.map((value) => (Number.isFinite(value) ? 0 : Number.NaN));
  const middle = (values.length - 1) / 2;
  let count = 0;
  let sumX = 0;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]!)) continue;
    sumX += i - middle;
    count++;
  }
  const meanX = sumX / count;
  let products = 0;
  let reach = 0;
  for (let i = 0; i < values.length; i++) {
    const value = (values[i]! - centre) / largest;
    if (!Number.isFinite(value)) continue;
    const x = i - middle - meanX;
    products += x * value;
    reach += x * x;
  }
  const slope = reach > 0 ? products / reach : 0;
  const residuals = values.map((value, i) =>
    Number.isFinite(value) ? (value - centre) / largest - slope * (i - middle - meanX) : Number.NaN,
  );
  const spread = Math.sqrt(squares(residuals) / count);
  return residuals.map((residual) => (spread > 1e-12 ? residual / spread : residual * 0));
}

function squares(values: Float64Array): number {
  let sum = 0;
  for (const value of values) if (value === value) sum += value * value;
  return sum;
}
