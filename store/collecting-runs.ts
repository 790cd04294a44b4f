/** Which run brought a day's value. */
import { queryRows, type Queryable } from './queryable.js';

export interface ValueOfDay {
  contentId: number;
  /** ISO day. */
  day: string;
}

export interface CollectedValue extends ValueOfDay {
  runId: string;
}

/**
 * The run that brought the value of `metric` which counts on each of these days: that of the strongest basis which
 * speaks of it. A day without a value, and one whose value a person told, is left out.
 */
export async function readCollectingRuns(
  db: Queryable,
  metric: string,
  values: readonly ValueOfDay[],
): Promise<CollectedValue[]> {
  if (values.length === 0) return [];
  return queryRows<CollectedValue>(
    db,
    `select asked.content_id as "contentId", asked.day::text as day, told.run_id::text as "runId"
     from unnest($2::integer[], $3::date[]) as asked (content_id, day)
     cross join lateral (
       select h.run_id
       from content_performance_history h
       where h.content_id = asked.content_id and h.day = asked.day
         and (to_jsonb(h) ->> $1 is not null or h.extra #>> array['increments', $1] is not null)
       order by h.basis
       limit 1
     ) told
     where told.run_id is not null`,
    [metric, values.map(({ contentId }) => contentId), values.map(({ day }) => day)],
  );
}
