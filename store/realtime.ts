/** The latest of what was read, as it stands this moment: from the snapshots themselves, no roll-up between. */
import type { Platform } from '../contracts/vocabulary.js';
import { summedMetrics, type MetricSums } from './engagement.js';
import { queryRow, type Queryable } from './queryable.js';

export interface ReadingMoment {
  /** When the platform had these figures, and when they were learnt. */
  recordedAt: Date;
  learntAt: Date;
}

/** The latest snapshot of a content; null before the first. */
export async function latestMoment(db: Queryable, contentId: number): Promise<ReadingMoment | null> {
  return queryRow<ReadingMoment>(
    db,
    `select s.recorded_at as "recordedAt", s.first_observed_at as "learntAt" from engagement_snapshots s
     where s.content_id = $1 order by s.recorded_at desc, s.source limit 1`,
    [contentId],
  );
}

/** Snapshots of a content that are looked at: a push that names one metric must not hide the others. */
const recentSnapshots = 3;

/** The sums of a platform's latest figures over its contents; null before the first snapshot. */
export async function latestOfPlatform(
  db: Queryable,
  platform: Platform,
): Promise<(MetricSums & ReadingMoment & { contents: number }) | null> {
  const latest = summedMetrics.map(
    (metric) =>
      `(array_agg(r.${metric} order by r.recorded_at desc, r.source) filter (where r.${metric} is not null))[1] as ${metric}`,
  );
  return queryRow(
    db,
    `select count(*)::int as contents, max(l.recorded_at) as "recordedAt",
       (array_agg(l.learnt_at order by l.recorded_at desc))[1] as "learntAt",
       ${summedMetrics.map((metric) => `sum(l.${metric}) as ${metric}`).join(', ')}
     from contents c
     cross join lateral (
       select max(r.recorded_at) as recorded_at,
         (array_agg(r.first_observed_at order by r.recorded_at desc, r.source))[1] as learnt_at,
         ${latest.join(', ')}
       from (
         select * from engagement_snapshots s where s.content_id = c.id
         order by s.recorded_at desc, s.source limit ${recentSnapshots}
       ) r
       having count(*) > 0
     ) l
     where c.platform = $1
     having count(*) > 0`,
    [platform],
  );
}
