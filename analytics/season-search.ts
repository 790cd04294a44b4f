/** The seasons of a series: the periods that were found, with their patterns, taken out one after the other. */
import { fitAutoregression, innovationsOf } from './autoregression.js';
import { weekdayOf } from './calendar.js';
import { detectPeriods, type DetectedPeriod } from './periods.js';
import {
  daysAMonth,
  fewestMonthDays,
  longestMonth,
  deseasonalise,
  monthlyPattern,
  monthPhases,
  phaseTest,
  seasonalPattern,
  type SeasonalPattern,
} from './seasonality.js';
import { mean, unitAbout } from './summary.js';

export interface Season extends SeasonalPattern {
  kind: 'daily' | 'weekly' | 'monthly' | 'other';
  /** In points; a calendar month's mean length for the days of the month. */
  length: number;
}

export interface SeasonOptions {
  /** ISO day of the first value: weekly effects begin with Monday. */
  startDay: string;
  /** 1 for days, 24 for hours; unknown where not told. */
  samplesPerDay?: number;
  /** Nothing else is looked for. */
  period?: number;
}

export interface Seasons {
  seasons: Season[];
  /** Every period that was found, also one too long to show its pattern. */
  periods: DetectedPeriod[];
  /** The values without the seasons. */
  levels: Float64Array;
}

const monthSignificance = 0.001;
/** A period as long as this may be the month's. */
const shortestMonth = 28;

/** Finds and takes out what repeats; p is that of the search, corrected for the periods tried. */
export function findSeasons(values: Float64Array, options: SeasonOptions): Seasons {
  const { startDay, samplesPerDay, period } = options;
  const search = detectPeriods(values, {
    ...(samplesPerDay === undefined ? {} : { samplesPerDay }),
    ...(period === undefined ? {} : { candidates: period >= 2 ? [period] : [] }),
  });
  const isDaily = samplesPerDay === 1 && period === undefined;
  let levels = values;
  const seasons: Season[] = [];
  for (const found of search.periods) {
    const kind = kindOf(found.period, samplesPerDay);
    const phase = kind === 'weekly' ? (weekdayOf(startDay) - 1) * (found.period / 7) : 0;
    const pattern = seasonalPattern(levels, found.period, phase);
    // Months are unequal: 30 or 31 days, or 61, fit the days of the month nearly.
    const month = isDaily && found.period >= shortestMonth ? monthOf(levels, startDay) : null;
    if (month !== null && month.strength >= (pattern?.strength ?? 0)) {
      levels = deseasonalise(levels, month, monthPhases(startDay, levels.length));
      seasons.push(month);
    } else if (pattern !== null) {
      levels = deseasonalise(levels, pattern, phase);
      seasons.push({ ...pattern, p: found.p, kind, length: found.period });
    }
  }
  const month =
    isDaily && search.periods.every((one) => one.period < shortestMonth) ? monthOf(levels, startDay) : null;
  if (month !== null) {
    levels = deseasonalise(levels, month, monthPhases(startDay, levels.length));
    seasons.push(month);
  }
  return { seasons, periods: search.periods, levels };
}

function kindOf(period: number, samplesPerDay: number | undefined): Season['kind'] {
  if (samplesPerDay === undefined) return period === 7 ? 'weekly' : 'other';
  if (period === 7 * samplesPerDay) return 'weekly';
  return period === samplesPerDay ? 'daily' : 'other';
}

/** The days of the month, where what is new in each value differs by them (Kruskal and Wallis). */
function monthOf(levels: Float64Array, startDay: string): Season | null {
  if (levels.length < fewestMonthDays) return null;
  const centre = mean(levels);
  const unit = unitAbout(levels, centre);
  const centred = levels.map((value) => (value - centre) * unit);
  const memory = fitAutoregression(centred, 3, 2);
  const innovations = innovationsOf(centred, memory.coefficients);
  const phases = monthPhases(startDay, levels.length);
  const p = phaseTest(innovations, phases, longestMonth);
  if (!(p < monthSignificance)) return null;
  const pattern = monthlyPattern(levels, startDay);
  return pattern === null ? null : { ...pattern, p, kind: 'monthly', length: daysAMonth };
}
