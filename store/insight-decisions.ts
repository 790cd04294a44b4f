/** What people decide about insights, and what became of each over time. */
import type { InsightSnapshot } from './insights.js';
import { queryRow, queryRows, type Queryable } from './queryable.js';

export interface InsightDecision {
  insightId: string;
  action: 'accepted' | 'dismissed' | 'snoozed';
  at: Date;
  by: string;
  note: string | null;
  /** ISO day; for snoozed alone. */
  until: string | null;
}

/**
 * Puts an insight into the status of the decision and keeps the event with the evidence as it stands. The same
 * decision again, note and day alike, changes nothing.
 * @returns false where there is no such insight, or it is outdated.
 */
export async function decideInsight(db: Queryable, decision: InsightDecision): Promise<boolean> {
  const { insightId, action, at, by, note, until } = decision;
  const row = await queryRow<{ id: string }>(
    db,
    `with chosen as (
       select i.id, i.status, i.snoozed_until, insight_snapshot(i) as evidence
       from optimization_insights i
       where i.id = $1::bigint and i.status <> 'outdated'
       for update
     ), last as (
       select e.action, e.note, e.snoozed_until
       from insight_events e
       join chosen c on c.id = e.insight_id
       order by e.id desc
       limit 1
     ), changed as (
       update optimization_insights i set status = $2, snoozed_until = $6::date
       from chosen c
       where i.id = c.id
         and not exists (
           select from last l
           where l.action = $2 and l.note is not distinct from $5 and l.snoozed_until is not distinct from $6::date)
       returning i.id
     ), told as (
       insert into insight_events (insight_id, action, at, actor, note, from_status, to_status, snoozed_until, evidence)
       select c.id, $2, $3::timestamptz, $4, $5, c.status, $2, $6::date, c.evidence
       from chosen c
       join changed on changed.id = c.id
     )
     select c.id::text as id from chosen c`,
    [insightId, action, at, by, note, until],
  );
  return row !== null;
}

export interface InsightEvent {
  action: string;
  at: Date;
  /** Who decided; null where a run did. */
  actor: string | null;
  note: string | null;
  from_status: string | null;
  to_status: string;
  snoozed_until: string | null;
  run_id: string | null;
  evidence: InsightSnapshot;
}

/** Everything that happened to an insight, in order. */
export async function readInsightEvents(db: Queryable, insightId: string): Promise<InsightEvent[]> {
  return queryRows<InsightEvent>(
    db,
    `select action, at, actor, note, from_status, to_status, snoozed_until::text as snoozed_until,
       run_id::text as run_id, evidence
     from insight_events
     where insight_id = $1::bigint
     order by id`,
    [insightId],
  );
}
