import type { Pool } from 'pg';
import { equalAgeToleranceHours, equalAgeValue } from '../analytics/release-score.js';
import { cumulativeMetrics, readAgeObservations, type AgeObservation } from '../store/equal-age.js';

export interface ContentAgeValue {
  contentId: number;
  ageDays: number;
  metric: string;
  value: number;
}

/** `views` at 7 days → `views_day_7`. */
export function outcomeName(metric: string, ageDays: number): string {
  return `${metric}_day_${ageDays}`;
}

/** `views` → `lifetime_views`: grows with the content's age, which is what its tests are held against first. */
export function lifetimeName(metric: string): string {
  return `lifetime_${metric}`;
}

/** Contents a query; the observations near an age are few, the contents may be many. */
const contentsAtOnce = 500;

/** Totals of contents at given ages; those without an observation near enough are left out. */
export async function readEqualAgeValues(
  pool: Pool,
  contentIds: readonly number[],
  agesInDays: readonly number[],
  signal: AbortSignal,
): Promise<ContentAgeValue[]> {
  const values: ContentAgeValue[] = [];
  for (let start = 0; start < contentIds.length; start += contentsAtOnce) {
    signal.throwIfAborted();
    const ids = contentIds.slice(start, start + contentsAtOnce);
    const observations = await readAgeObservations(pool, ids, agesInDays, equalAgeToleranceHours);
    for (const near of groupBySubject(observations)) values.push(...valuesOf(near));
  }
  return values;
}

/** Observations come in order of content and age. */
function* groupBySubject(observations: readonly AgeObservation[]): Generator<AgeObservation[]> {
  let group: AgeObservation[] = [];
  for (const observation of observations) {
    const first = group[0];
    const isSame = first?.contentId === observation.contentId && first.ageDays === observation.ageDays;
    if (group.length > 0 && !isSame) {
      yield group;
      group = [];
    }
    group.push(observation);
  }
  if (group.length > 0) yield group;
}

function valuesOf(near: readonly AgeObservation[]): ContentAgeValue[] {
  const { contentId, ageDays, publishedAt } = near[0]!;
  return cumulativeMetrics.flatMap((metric) => {
    const aged = near.map(({ recordedAt, values }) => ({ recordedAt, value: values[metric] ?? null }));
    const found = equalAgeValue(aged, publishedAt, ageDays);
    return found === null ? [] : [{ contentId, ageDays, metric, value: found.value }];
  });
}
