import { wideMetrics } from '../../contracts/vocabulary.js';
import type { PerformanceRecord } from '../performance-records.js';
import { queryRows, type Queryable } from '../queryable.js';

/** Where a record stands in the list: its content, its instant as Postgres writes it, its grain and metric. */
export type RecordPosition = [contentId: number, recordedAt: string, grain: string, metric: string];

export interface RecordFilter {
  artistId: number | null;
  releaseId: number | null;
  contentKey: string | null;
  platform: string | null;
  metric: string | null;
  /** Half-open. */
  from: Date | null;
  to: Date | null;
  after: RecordPosition | null;
  limit: number;
}

export interface PlacedRecord extends PerformanceRecord {
  position: RecordPosition;
}

/** Sources that may tell of one instant. */
const sources = 4;

/** Whether an instant tells a value that the list shows; parameter 5 is the metric. */
function tellsAny(metric: string | null): string {
  if (metric === null) return `num_nonnulls(${wideMetrics.map((name) => `s.${name}`).join(', ')}) > 0`;
  const wide = wideMetrics.find((name) => name === metric);
  return wide === undefined ? 's.extra ->> $5 is not null' : `s.${wide} is not null`;
}

/**
 * Effective values, content by content and each in order of time, so that a page costs no more than its own
 * contents however many there are: `offset 0` keeps the view inside the loop over them. Of a content, the view is read
 * up to an instant by which there are enough for the page, since it would sort all of them first.
 * @throws StoreError
 */
export async function listPerformanceRecords(db: Queryable, filter: RecordFilter): Promise<PlacedRecord[]> {
  return queryRows<PlacedRecord>(
    db,
    `select p.release_id, p.platform, p.metric_name, p.metric_value, p.recorded_at, p.content_id, p.grain, p.source,
       p.artist_id,
       jsonb_build_array(c.id, to_char(p.recorded_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), p.grain,
         p.metric_name) as position
     from contents c
     cross join lateral (
       -- Of the content that the page before ended in, nothing that stands before the cursor is even read.
       select coalesce(
         greatest($6::timestamptz, case when c.id = $8 then $9::timestamp at time zone 'UTC' end), '-infinity') as since
     ) a
     cross join lateral (
       -- The first instant may stand before the cursor; each of the others tells one record at least.
       select coalesce((
         select s.recorded_at from engagement_snapshots s
         where s.content_id = c.id and s.recorded_at >= a.since and ${tellsAny(filter.metric)}
         order by s.recorded_at offset $12::int * ${sources} + ${sources} limit 1), 'infinity') as until
     ) b
     cross join lateral (
       select v.* from content_performance v
       where v.content_id = c.content_key
         and ($5::text is null or v.metric_name = $5)
         and v.recorded_at >= a.since and v.recorded_at <= b.until
         and ($7::timestamptz is null or v.recorded_at < $7)
         and (c.id > $8 or $8 is null
           or (v.recorded_at, v.grain, v.metric_name) > ($9::timestamp at time zone 'UTC', $10::text, $11::text))
       offset 0
     ) p
     where ($1::int is null or c.artist_id = $1) and ($2::int is null or c.release_id = $2)
       and ($3::text is null or c.content_key = $3) and ($4::text is null or c.platform = $4)
       and ($8::int is null or c.id >= $8)
     order by c.id, p.recorded_at, p.grain, p.metric_name
     limit $12`,
    [
      filter.artistId,
      filter.releaseId,
      filter.contentKey,
      filter.platform,
      filter.metric,
      filter.from,
      filter.to,
      ...(filter.after ?? [null, null, null, null]),
      filter.limit,
    ],
  );
}
