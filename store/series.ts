/** Daily series of many contents at once, as the analyses take them. */
import { addDays } from '../analytics/calendar.js';
import { wideMetrics } from '../contracts/vocabulary.js';
import { queryRows, type Queryable } from './queryable.js';

export interface ContentSeries {
  contentId: number;
  contentKey: string;
  platform: string;
  format: string | null;
  title: string | null;
  releaseId: number | null;
  artistId: number | null;
  /** ISO day of publication in UTC; null where unknown. */
  publishedOn: string | null;
  /** ISO day of the first value of every series. */
  startDay: string;
  /**
   * Metric → one value a day, increments for counters; NaN where the day is not final, was not told, holds a
   * platform's correction, or falls into a time in which the platform did not answer for the content. Metrics without any value are left out. All series of a content are equally long.
   */
  metrics: Map<string, Float64Array>;
  /** Metric → days on which its definition changed so that the two sides cannot be compared. */
  breaks: Map<string, string[]>;
  /** Those of them on which the two sides differ by a factor alone. */
  bridges: Map<string, string[]>;
}

interface SeriesRow {
  content_id: number;
  content_key: string;
  platform: string;
  format: string | null;
  title: string | null;
  release_id: number | null;
  artist_id: number | null;
  published_on: string | null;
  days: Buffer;
  [series: `series_${number}`]: Buffer;
}

interface BreakRow {
  platform: string;
  metric: string;
  format: string | null;
  valid_from: string;
  comparable: boolean;
}

const bytesPerValue = 8;

/** Packed by the server: eight bytes a value instead of a row of texts a day. */
function seriesSql(metrics: readonly string[]): { text: string; unregistered: string[] } {
  const unregistered: string[] = [];
  const packed = metrics.map((metric, index) => {
    // Only our own names become columns; any other metric is looked up by a parameter in the row's `extra`.
    const isColumn = (wideMetrics as readonly string[]).includes(metric);
    if (!isColumn) unregistered.push(metric);
    const value = isColumn
      ? `d.${metric}`
      : `(d.extra -> 'increments' ->> $${unregistered.length + 1}::text)::float8`;
    return `string_agg(float8send(coalesce(${value}, 'NaN')), ''::bytea order by d.day) as series_${index}`;
  });
  const text = `
select c.id as content_id, c.content_key, c.platform, coalesce(c.format, r.format) as format, c.title,
  c.release_id, c.artist_id,
  coalesce((c.published_at at time zone 'UTC')::date, r.released_on)::text as published_on, s.*
from (
  select d.content_id, string_agg(int4send(d.day - date '1970-01-01'), ''::bytea order by d.day) as days,
    ${packed.join(',\n    ')}
  from effective_days d
  where d.content_id = any($1::int[]) and d.final
    and not exists (
      select from content_availability a
      where a.content_id = d.content_id and a.state = 'unavailable'
        and a.from_at < (d.day + 1)::timestamp at time zone 'UTC'
        and coalesce(a.to_at, 'infinity') > d.day::timestamp at time zone 'UTC'
    )
  group by d.content_id
) s
join contents c on c.id = s.content_id
left join releases r on r.id = c.release_id
order by c.id`;
  return { text, unregistered };
}

function unpack(days: Buffer, packed: Buffer, first: number, length: number): Float64Array | null {
  const values = new Float64Array(length).fill(Number.NaN);
  let told = 0;
  for (let index = 0; index * bytesPerValue < packed.length; index++) {
    const value = packed.readDoubleBE(index * bytesPerValue);
    if (!Number.isFinite(value)) continue;
    values[days.readInt32BE(index * 4) - first] = value;
    told++;
  }
  return told === 0 ? null : values;
}

/**
 * Reads the final days of the given metrics, in order of content id. Contents without a final day are left out.
 * @param contentIds hundreds at a time; everything is answered by one query.
 */
export async function readDailySeries(
  db: Queryable,
  contentIds: readonly number[],
  metrics: readonly string[],
): Promise<ContentSeries[]> {
  if (contentIds.length === 0 || metrics.length === 0) return [];
  const { text, unregistered } = seriesSql(metrics);
  const rows = await queryRows<SeriesRow>(db, text, [contentIds, ...unregistered]);
  const breaks = await queryRows<BreakRow>(
    db,
    `select platform, metric, format, valid_from::text, comparable from metric_definitions
     where breaks_series and metric = any($1::text[])
     order by valid_from`,
    [metrics],
  );
  return rows.map((row) => {
    const first = row.days.readInt32BE(0);
    const length = row.days.readInt32BE(row.days.length - 4) - first + 1;
    const series: ContentSeries = {
      contentId: row.content_id,
      contentKey: row.content_key,
      platform: row.platform,
      format: row.format,
      title: row.title,
      releaseId: row.release_id,
      artistId: row.artist_id,
      publishedOn: row.published_on,
      startDay: addDays('1970-01-01', first),
      metrics: new Map(),
      breaks: new Map(),
      bridges: new Map(),
    };
    metrics.forEach((metric, index) => {
      const packed = row[`series_${index}`];
      const values = packed === undefined ? null : unpack(row.days, packed, first, length);
      if (values === null) return;
      series.metrics.set(metric, values);
      const changes = breaks.filter(
        (definition) =>
          definition.metric === metric &&
          definition.platform === row.platform &&
          (definition.format === null || definition.format === row.format),
      );
      series.breaks.set(metric, changes.map(dayOf));
      series.bridges.set(metric, changes.filter(({ comparable }) => comparable).map(dayOf));
    });
    return series;
  });
}

function dayOf({ valid_from }: BreakRow): string {
  return valid_from;
}
