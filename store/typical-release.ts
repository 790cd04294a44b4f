/** How the releases of an artist usually went, day by day of their age. */
import { wideMetrics } from '../contracts/vocabulary.js';
import { queryRows, type Queryable } from './queryable.js';

export interface TypicalDay {
  /** Days from publication; 0 is its day. */
  age: number;
  releases: number;
  median: number;
}

/** More of them change the median little and cost a row a day each. */
const mostPeers = 200;

/**
 * The median gain a day of age over the artist's other contents on the platform and of the format; ages that fewer
 * than `fewest` of them have reached are left out.
 * @param metric one with a column; any other has no typical course
 */
export async function readTypicalDays(
  db: Queryable,
  query: {
    releaseId: number;
    platform: string;
    metric: string;
    fromAge: number;
    toAge: number;
    fewest: number;
  },
): Promise<TypicalDay[]> {
  const { releaseId, platform, metric, fromAge, toAge, fewest } = query;
  if (!(wideMetrics as readonly string[]).includes(metric)) return [];
  return queryRows<TypicalDay>(
    db,
    `with subject as (
       select r.artist_id, coalesce(c.format, r.format) as format
       from releases r join contents c on c.release_id = r.id
       where r.id = $1 and c.platform = $2
       order by c.is_primary desc, c.id
       limit 1
     ), peers as (
       select c.id, coalesce((c.published_at at time zone 'UTC')::date, r.released_on) as published_on
       from subject s
       join releases r on r.artist_id = s.artist_id and r.id <> $1 and r.state = 'approved'
       join contents c on c.release_id = r.id and c.platform = $2 and c.is_primary
         and coalesce(c.format, r.format) is not distinct from s.format
       where coalesce(c.published_at, r.released_on::timestamp at time zone 'UTC') is not null
       order by 2 desc
       limit ${String(mostPeers)}
     )
     select (d.day - p.published_on) as age, count(*)::int as releases,
       percentile_cont(0.5) within group (order by d.${metric}) as median
     from peers p
     join effective_days d on d.content_id = p.id and d.final
       and d.day >= p.published_on + $3::int and d.day < p.published_on + $4::int
     where d.${metric} is not null
     group by 1
     having count(*) >= $5
     order by 1`,
    [releaseId, platform, fromAge, toAge, fewest],
  );
}
