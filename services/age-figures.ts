/** Equal-age values of an artist's contents by platform and format: what benchmarks are made of. */
import { engagementRateOf } from '../analytics/benchmark.js';
import type { ScoredRelease } from '../store/scores.js';
import type { ContentAgeValue } from './equal-age-values.js';

/** The metric that the rate of engagement at an age goes by. */
export const ageEngagementRate = 'engagement_rate_computed';

export interface AgeFigure extends ContentAgeValue {
  platform: string;
  format: string | null;
}

/** The values of the releases' primary contents, and the rate of engagement that follows from them. */
export function ageFigures(
  releases: readonly ScoredRelease[],
  values: readonly ContentAgeValue[],
): AgeFigure[] {
  const places = new Map(
    releases.flatMap(({ format, contents }) =>
      contents.map(({ id, platform }) => [id, { platform, format }]),
    ),
  );
  return withEngagementRate(values).flatMap((value) => {
    const place = places.get(value.contentId);
    return place === undefined ? [] : [{ ...value, ...place }];
  });
}

/** The same values with the rate of engagement at each age where it can be told. */
export function withEngagementRate(values: readonly ContentAgeValue[]): ContentAgeValue[] {
  const byMoment = new Map<string, { contentId: number; ageDays: number; told: Map<string, number> }>();
  for (const { contentId, ageDays, metric, value } of values) {
    const key = `${contentId}/${ageDays}`;
    const moment = byMoment.get(key) ?? { contentId, ageDays, told: new Map<string, number>() };
    moment.told.set(metric, value);
    byMoment.set(key, moment);
  }
  const rates = Array.from(byMoment.values(), ({ contentId, ageDays, told }) => {
    const value = engagementRateOf(told);
    return value === null ? [] : [{ contentId, ageDays, metric: ageEngagementRate, value }];
  });
  return [...values, ...rates.flat()];
}
