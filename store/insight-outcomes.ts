/** Predictions of insights whose horizon has passed, and whether they held. */
import type { InsightSnapshot } from './insights.js';
import { execute, queryRows, type Queryable } from './queryable.js';

/** A decision whose prediction can be checked. */
export interface DuePrediction {
  insightId: string;
  eventId: string;
  insightType: string;
  action: 'accepted' | 'dismissed';
  decidedAt: Date;
  /** ISO day (UTC). */
  decidedOn: string;
  evidence: InsightSnapshot;
}

/**
 * An artist's last decisions, accepted or dismissed, that have no outcome yet and whose horizon lies before a day.
 * @param today ISO day; a prediction up to the day before is due.
 */
export async function duePredictions(
  db: Queryable,
  artistId: number,
  today: string,
): Promise<DuePrediction[]> {
  return queryRows<DuePrediction>(
    db,
    `select i.id::text as "insightId", d.id::text as "eventId", i.insight_type as "insightType", d.action,
       d.at as "decidedAt", (d.at at time zone 'UTC')::date::text as "decidedOn", d.evidence
     from optimization_insights i
     cross join lateral (
       select e.id, e.action, e.at, e.evidence
       from insight_events e
       where e.insight_id = i.id and e.action in ('accepted', 'dismissed', 'snoozed')
       order by e.id desc
       limit 1
     ) d
     where i.artist_id = $1 and d.action in ('accepted', 'dismissed')
       and (d.at at time zone 'UTC')::date
         + (d.evidence #>> '{data_supporting,predicted_impact,horizon_days}')::int < $2::date
       and not exists (select from insight_outcomes o where o.event_id = d.id)
     order by d.id`,
    [artistId, today],
  );
}

export interface InsightOutcome {
  insightId: string;
  eventId: string;
  metric: string;
  unit: string;
  /** ISO day. */
  horizonDay: string;
  low: number;
  expected: number;
  high: number;
  baseline: number;
  actual: number | null;
  points: number;
  verdict: 'held' | 'partly' | 'missed' | 'cannot_tell';
  reason: string | null;
}

/** Keeps outcomes; one that is known already stays. */
export async function saveOutcomes(
  db: Queryable,
  outcomes: readonly InsightOutcome[],
  origin: { runId: string; methodVersion: string; checkedAt: Date },
): Promise<void> {
  if (outcomes.length === 0) return;
  await execute(
    db,
    `insert into insight_outcomes (insight_id, event_id, metric, unit, horizon_day, predicted_low, predicted,
       predicted_high, baseline, actual, points, verdict, reason, method_version, run_id, checked_at)
     select o."insightId", o."eventId", o.metric, o.unit, o."horizonDay", o.low, o.expected, o.high, o.baseline,
       o.actual, o.points, o.verdict, o.reason, $2::text, $3::bigint, $4::timestamptz
     from jsonb_to_recordset($1::jsonb) as o ("insightId" bigint, "eventId" bigint, metric text, unit text,
       "horizonDay" date, low float8, expected float8, high float8, baseline float8, actual float8, points int,
       verdict text, reason text)
     on conflict (event_id) do nothing`,
    [JSON.stringify(outcomes), origin.methodVersion, origin.runId, origin.checkedAt],
  );
}

export interface StoredOutcome {
  insight_id: string;
  /** What had been decided. */
  decision: 'accepted' | 'dismissed';
  metric: string;
  unit: string;
  horizon_day: string;
  predicted_low: number;
  predicted: number;
  predicted_high: number;
  baseline: number;
  actual: number | null;
  points: number;
  verdict: InsightOutcome['verdict'];
  reason: string | null;
  method_version: string;
  run_id: string | null;
  checked_at: Date;
}

/** Outcomes in order of the check. @param insightId null takes those of every insight. */
export async function readOutcomes(db: Queryable, insightId: string | null): Promise<StoredOutcome[]> {
  return queryRows<StoredOutcome>(
    db,
    `select o.insight_id::text as insight_id, e.action as decision, o.metric, o.unit, o.horizon_day::text as horizon_day,
       o.predicted_low, o.predicted, o.predicted_high, o.baseline, o.actual, o.points, o.verdict, o.reason,
       o.method_version, o.run_id::text as run_id, o.checked_at
     from insight_outcomes o
     join insight_events e on e.id = o.event_id
     where $1::bigint is null or o.insight_id = $1::bigint
     order by o.id`,
    [insightId],
  );
}

/**
 * A feature and an outcome of the contents published after a moment, as the artist's latest table of features has
 * them; contents without either are left out.
 * @param of.feature a column, or `column=level` for whether a content has the level: 1 or 0.
 */
export async function outcomesOfFeature(
  db: Queryable,
  of: { artistId: number; feature: string; metric: string; publishedAfter: Date },
): Promise<{ feature: number; outcome: number }[]> {
  const [column, ...level] = of.feature.split('=');
  return queryRows(
    db,
    `select t.feature, t.outcome
     from (
       select c.id,
         coalesce(case when jsonb_typeof(f.features -> $2) in ('number', 'boolean')
             then f.features -> $2 end,
           case when f.features ? $3 and $4::text is not null
             then to_jsonb(f.features ->> $3 = $4) end) as told,
         (f.outcomes ->> $5)::float8 as outcome
       from content_feature_analysis f
       join contents c on c.id = f.content_id
       where c.artist_id = $1 and c.published_at > $6::timestamptz and f.run_id = (
         select l.run_id
         from content_feature_analysis l
         join contents lc on lc.id = l.content_id
         where lc.artist_id = $1
         order by l.computed_at desc, l.run_id desc
         limit 1)
     ) r
     cross join lateral (
       select case jsonb_typeof(r.told) when 'boolean' then (r.told::boolean)::int::float8 else r.told::float8 end
         as feature, r.outcome
     ) t
     where t.feature is not null and t.outcome is not null
     order by r.id`,
    [
      of.artistId,
      of.feature,
      column,
      level.length === 0 ? null : level.join('='),
      of.metric,
      of.publishedAfter,
    ],
  );
}
