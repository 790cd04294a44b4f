/** What a platform counts under a metric's name, from which day on. */
import { execute, type Queryable } from './queryable.js';

export interface MetricDefinition {
  platform: string;
  metric: string;
  /** ISO day. */
  validFrom: string;
  definition: string;
  /** Values on the two sides cannot be compared. */
  breaksSeries: boolean;
  /** They differ by a factor alone, so that trends may bridge the break; false unless told. */
  comparable?: boolean;
}

/** Adds definitions for every format; one of the same platform, metric and day is kept as it is. @throws StoreError */
export async function addMetricDefinitions(
  db: Queryable,
  definitions: readonly MetricDefinition[],
): Promise<void> {
  for (const { platform, metric, validFrom, definition, breaksSeries, comparable } of definitions)
    await execute(
      db,
      `insert into metric_definitions (platform, metric, valid_from, definition, breaks_series, comparable)
       values ($1, $2, $3::date, $4, $5, $6) on conflict on constraint metric_definitions_key do nothing`,
      [platform, metric, validFrom, definition, breaksSeries, comparable ?? false],
    );
}
