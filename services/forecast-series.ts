/** The forecast of one prepared series: by the shape of earlier releases while it is young, by itself otherwise. */
import { daysBetween, weekdayOf } from '../analytics/calendar.js';
import { forecast, type ForecastResult } from '../analytics/forecast.js';
import type { LaunchSeries } from '../analytics/launch-curve.js';
import { forecastYoung } from '../analytics/launch-shape.js';
import type { DailySeries } from '../analytics/series.js';

export interface ForecastSubject {
  /** Days to look ahead. */
  forecastDays: number;
  /** ISO day of publication; null where unknown. */
  publishedOn?: string | null;
  /** What the artist published before; null for a series that is no longer young. */
  earlierReleases?: readonly LaunchSeries[] | null;
}

export interface SeriesForecast {
  result: ForecastResult | { withheld: string };
  /** Why the earlier releases lent no shape; null where they did, and where none were told. */
  shapeWithheld: string | null;
}

const week = 7;

/** Forecasts the days after a series; amounts of days never fall below 0. */
export function forecastSeries(series: DailySeries, subject: ForecastSubject): SeriesForecast {
  const { forecastDays: h, publishedOn = null, earlierReleases = null } = subject;
  let shapeWithheld: string | null = null;
  if (earlierReleases !== null && publishedOn !== null) {
    const young: LaunchSeries = {
      values: series.values,
      ageAtStart: daysBetween(publishedOn, series.startDay),
      weekday: weekdayOf(series.startDay) - 1,
    };
    const shaped = forecastYoung(young, earlierReleases, { h });
    if (!('withheld' in shaped)) return { result: shaped, shapeWithheld };
    shapeWithheld = shaped.withheld;
  }
  return { result: forecast(series.values, { h, period: week, nonNegative: true }), shapeWithheld };
}
