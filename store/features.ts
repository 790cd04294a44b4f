/** What is known of contents besides their figures, and the table that an analysis of features was made from. */
import { cumulativeMetrics } from './equal-age.js';
import { execute, queryRows, type Queryable } from './queryable.js';

export interface ContentFeatures {
  contentId: number;
  contentKey: string;
  platform: string;
  kind: string;
  releaseId: number | null;
  format: string | null;
  title: string | null;
  description: string | null;
  publishedAt: Date | null;
  durationSeconds: number | null;
  tags: string[] | null;
  language: string | null;
  /** The release's attributes as the team noted them. */
  attributes: Record<string, unknown>;
  /** Distinct stock sources used in the release, in order of name. */
  stockSources: string[];
}

export interface FeatureFilter {
  /** Null takes every artist. */
  artistId: number | null;
  /** Null takes every content. */
  contentIds: readonly number[] | null;
}

/** The features of the contents of approved releases, in order of content id. */
export async function readContentFeatures(db: Queryable, filter: FeatureFilter): Promise<ContentFeatures[]> {
  return queryRows<ContentFeatures>(
    db,
    `select c.id as "contentId", c.content_key as "contentKey", c.platform, c.kind, c.release_id as "releaseId",
       coalesce(c.format, r.format) as format, coalesce(c.title, r.title) as title, c.description,
       coalesce(c.published_at, r.released_on::timestamp at time zone 'UTC') as "publishedAt",
       c.duration_seconds as "durationSeconds", coalesce(c.tags, r.tags) as tags,
       coalesce(c.language, r.language) as language, r.attributes,
       coalesce((
         select array_agg(distinct u.source_name order by u.source_name)
         from stock_clip_usages u where u.release_id = r.id
       ), '{}') as "stockSources"
     from contents c
     join releases r on r.id = c.release_id
     where ($1::int is null or r.artist_id = $1::int) and ($2::int[] is null or c.id = any($2::int[]))
       and r.state = 'approved'
     order by c.id`,
    [filter.artistId, filter.contentIds],
  );
}

export interface LifetimeTotal {
  contentId: number;
  metric: string;
  value: number;
}

const totals = cumulativeMetrics
  .map(
    (metric) => `('${metric}', coalesce(
       (select s.${metric} from engagement_snapshots s
        where s.content_id = c.id and s.recorded_at > $2::timestamptz and s.recorded_at <= $3::timestamptz
          and s.${metric} is not null
        order by s.recorded_at desc, s.source limit 1),
       (select h.${metric}_close from content_performance_history h
        where h.content_id = c.id and h.day >= $2::timestamptz::date and h.day <= $3::timestamptz::date
          and h.${metric}_close is not null
        order by h.day desc, h.basis limit 1)))`,
  )
  .join(',\n    ');

/**
 * The latest total that a snapshot or else a day's close told within (since, until]; contents and metrics
 * without one are left out. Each is read by its fact's primary key.
 */
export async function readLifetimeTotals(
  db: Queryable,
  contentIds: readonly number[],
  period: { since: Date; until: Date },
): Promise<LifetimeTotal[]> {
  if (contentIds.length === 0) return [];
  return queryRows<LifetimeTotal>(
    db,
    `select c.id as "contentId", v.metric, v.value::float8 as value
     from contents c
     cross join lateral (values ${totals}) as v (metric, value)
     where c.id = any($1::int[]) and v.value is not null
     order by c.id, v.metric`,
    [contentIds, period.since, period.until],
  );
}

export interface FeatureRow {
  contentId: number;
  features: Record<string, unknown>;
  outcomes: Record<string, number | null>;
}

/** Writes the rows that a run's correlations were computed from; the same rows again change nothing. */
export async function saveFeatures(
  db: Queryable,
  rows: readonly FeatureRow[],
  origin: { runId: string; computedAt: Date },
): Promise<void> {
  if (rows.length === 0) return;
  await execute(
    db,
    `insert into content_feature_analysis as f (run_id, content_id, features, outcomes, computed_at)
     select $1::bigint, r.content_id, r.features, r.outcomes, $2::timestamptz
     from jsonb_to_recordset($3::jsonb) as r (content_id int, features jsonb, outcomes jsonb)
     on conflict (run_id, content_id) do update set features = excluded.features, outcomes = excluded.outcomes
     where (f.features, f.outcomes) is distinct from (excluded.features, excluded.outcomes)`,
    [
      origin.runId,
      origin.computedAt,
      JSON.stringify(
        rows.map((row) => ({ content_id: row.contentId, features: row.features, outcomes: row.outcomes })),
      ),
    ],
  );
}
