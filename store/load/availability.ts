import { execute, type Queryable } from '../queryable.js';

/** Separate observations that turn a silence into an unavailability. */
const confirmationsNeeded = 3;

const noteSilences = `
insert into silent_observations (content_id, observed_at, run_id)
select content_id, observed_at, $3::bigint
from unnest($1::integer[], $2::timestamptz[]) as s (content_id, observed_at)
group by content_id, observed_at
order by content_id, observed_at
on conflict do nothing`;

/**
 * A silence lasts from its first silent observation to the next answer. Only the silences around the instants
 * that were added are looked at: an answer ends the one before it and begins what is left of the one after,
 * a silent observation belongs to the one between its neighbouring answers.
 *
 * Observations within an hour count as one, since an attempt that is repeated must not confirm itself.
 * Parameters: contents and instants of the silences, run, whether the chunk's snapshots are the platform's answers.
 */
const deriveAvailability = `
with added as (
  select content_id, observed_at as at, false as answer
  from unnest($1::integer[], $2::timestamptz[]) as s (content_id, observed_at)
  union
  select c.content_id, c.recorded_at, true
  from snapshot_changes c
  where $4::boolean and c.inserted and exists (select from silent_observations s where s.content_id = c.content_id)
),
neighbours as (
  select a.content_id, a.at,
    a.answer or exists (select from engagement_snapshots e
      where e.content_id = a.content_id and e.recorded_at = a.at and e.source = 2) as answer,
    coalesce((select max(e.recorded_at) from engagement_snapshots e
      where e.content_id = a.content_id and e.recorded_at < a.at and e.source = 2), '-infinity') as before,
    coalesce((select min(e.recorded_at) from engagement_snapshots e
      where e.content_id = a.content_id and e.recorded_at > a.at and e.source = 2), 'infinity') as after
  from added a
),
spans as (
  select content_id, before as opens, case when answer then at else after end as closes from neighbours
  union
  select content_id, at, after from neighbours where answer
),
silences as materialized (
  select p.content_id, p.opens, p.closes,
    min(s.observed_at) as from_at, max(s.observed_at) as last_confirmed_at,
    count(distinct date_trunc('hour', s.observed_at, 'UTC'))::integer as confirmations
  from spans p
  join silent_observations s
    on s.content_id = p.content_id and s.observed_at > p.opens and s.observed_at < p.closes
  group by p.content_id, p.opens, p.closes
),
moved as (
  delete from content_availability a
  using spans p
  where a.content_id = p.content_id and a.from_at > p.opens and a.from_at < p.closes
    and not exists (select from silences s where s.content_id = a.content_id and s.from_at = a.from_at)
)
insert into content_availability as t
  (content_id, from_at, to_at, state, confirmations, last_confirmed_at, run_id)
select content_id, from_at, nullif(closes, 'infinity'),
  case when confirmations >= ${confirmationsNeeded} then 'unavailable' else 'silent' end,
  confirmations, last_confirmed_at, $3::bigint
from silences
order by content_id, from_at
on conflict (content_id, from_at) do update set
  to_at = excluded.to_at, state = excluded.state, confirmations = excluded.confirmations,
  last_confirmed_at = excluded.last_confirmed_at, run_id = excluded.run_id
where (t.to_at, t.state, t.confirmations, t.last_confirmed_at)
  is distinct from (excluded.to_at, excluded.state, excluded.confirmations, excluded.last_confirmed_at)`;

/** Contents that a platform did not answer for at instants of its own clock, side by side. */
export interface Silences {
  contentIds: number[];
  observedAt: Date[];
}

/**
 * Notes silences and derives the availability around them and around the chunk's answers. The contents are
 * locked already. A content that answered at the very instant of a silence was not silent.
 * @throws StoreError
 */
export async function writeAvailability(
  db: Queryable,
  silences: Silences,
  answers: boolean,
  runId: string | null,
): Promise<void> {
  const parameters = [silences.contentIds, silences.observedAt, runId];
  if (silences.contentIds.length > 0) await execute(db, noteSilences, parameters);
  await execute(db, deriveAvailability, [...parameters, answers]);
}
