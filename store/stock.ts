/** The stock success tracker's events: clips used and what their releases were worth. */
import { execute, queryRows, type Queryable } from './queryable.js';

export interface ClipUsage {
  sourceName: string;
  clipId: string;
  releaseId: number;
}

export interface PerformanceEvent {
  releaseId: number;
  /** 0..10. */
  score: number;
  /** The ISO day that the score speaks of; decay counts from it. */
  eventDay: string;
}

/** @returns how many usages were new; one that is known already changes nothing. */
export async function insertClipUsages(
  db: Queryable,
  usages: readonly ClipUsage[],
  usedAt: Date,
): Promise<number> {
  return execute(
    db,
    `insert into stock_clip_usages (source_name, clip_id, release_id, used_at)
     select u.source_name, u.clip_id, u.release_id, $4::timestamptz
     from unnest($1::text[], $2::text[], $3::int[]) as u (source_name, clip_id, release_id)
     on conflict (source_name, clip_id, release_id) do nothing`,
    [
      usages.map((usage) => usage.sourceName),
      usages.map((usage) => usage.clipId),
      usages.map((usage) => usage.releaseId),
      usedAt,
    ],
  );
}

// Both statements see the same former event: the update retires it and the insert leaves unchanged ones alone.
// A score that a person logged outranks a computed one, whenever either came.
const replaceSql = `
with told as (
  select t.release_id, t.score, t.event_day
  from unnest($1::int[], $2::float8[], $3::date[]) as t (release_id, score, event_day)
), changed as (
  select t.release_id, t.score, t.event_day
  from told t
  left join stock_performance_events e on e.release_id = t.release_id and e.superseded_at is null
  where e.id is null
    or (($4::text = 'logged' or e.origin = 'scored')
      and (e.origin, e.performance_score, e.event_day) is distinct from ($4::text, t.score, t.event_day))
), retired as (
  update stock_performance_events e set superseded_at = $5::timestamptz
  from changed c
  where e.release_id = c.release_id and e.superseded_at is null
  returning e.release_id
)
select c.release_id, c.score, c.event_day::text as event_day
from changed c`;

/**
 * Records what releases were worth. An event equal to the current one is no new event (otherwise decay would
 * never act), a different one replaces it and the former stays as history, and a computed score never
 * replaces a logged one. To be called inside a transaction; at most one event a release.
 * @returns how many events were written.
 */
export async function insertPerformanceEvents(
  db: Queryable,
  events: readonly PerformanceEvent[],
  origin: 'logged' | 'scored',
  loggedAt: Date,
): Promise<number> {
  // Two writers for the same release take turns.
  await queryRows(db, 'select id from releases where id = any($1::int[]) order by id for update', [
    events.map((event) => event.releaseId),
  ]);
  const changed = await queryRows<{ release_id: number; score: number; event_day: string }>(db, replaceSql, [
    events.map((event) => event.releaseId),
    events.map((event) => event.score),
    events.map((event) => event.eventDay),
    origin,
    loggedAt,
  ]);
  if (changed.length === 0) return 0;
  await execute(
    db,
    `insert into stock_performance_events (release_id, performance_score, event_day, origin, logged_at)
     select c.release_id, c.score, c.event_day, $4::text, $5::timestamptz
     from unnest($1::int[], $2::float8[], $3::date[]) as c (release_id, score, event_day)`,
    [
      changed.map((row) => row.release_id),
      changed.map((row) => row.score),
      changed.map((row) => row.event_day),
      origin,
      loggedAt,
    ],
  );
  return changed.length;
}

export interface StockEvidence {
  usages: (ClipUsage & { usedAt: Date })[];
  events: (PerformanceEvent & { origin: 'logged' | 'scored' })[];
}

/**
 * What is known today of the time up to and including a day: events that speak of it, and usages logged by
 * then or borne out by such an event (a clip was used before its release performed).
 * @param artistId null takes the releases of every artist.
 */
export async function readStockEvidence(
  db: Queryable,
  asOfDay: string,
  artistId: number | null = null,
): Promise<StockEvidence> {
  const events = await queryRows<StockEvidence['events'][number]>(
    db,
    `select e.release_id as "releaseId", e.performance_score as score, e.event_day::text as "eventDay", e.origin
     from stock_performance_events e
     join releases r on r.id = e.release_id
     where e.superseded_at is null and e.event_day <= $1::date and ($2::int is null or r.artist_id = $2::int)
     order by e.event_day, e.release_id`,
    [asOfDay, artistId],
  );
  const usages = await queryRows<StockEvidence['usages'][number]>(
    db,
    `select u.source_name as "sourceName", u.clip_id as "clipId", u.release_id as "releaseId", u.used_at as "usedAt"
     from stock_clip_usages u
     join releases r on r.id = u.release_id
     where ($2::int is null or r.artist_id = $2::int)
       and (u.used_at < ($1::date + 1)::timestamp at time zone 'UTC' or exists (
         select from stock_performance_events e
         where e.release_id = u.release_id and e.superseded_at is null and e.event_day <= $1::date))
     order by u.source_name, u.clip_id, u.release_id`,
    [asOfDay, artistId],
  );
  return { usages, events };
}

export interface ReleaseHistory extends PerformanceEvent {
  /** ISO day by which the sources were chosen: of the first use, of the release or of the score, the earliest. */
  decidedOn: string;
  clips: { sourceName: string; clipId: string }[];
}

/**
 * The scored releases with known clips up to and including a day of score, in order of id.
 * @param artistId null takes the releases of every artist.
 */
export async function readStockHistory(
  db: Queryable,
  asOfDay: string,
  artistId: number | null = null,
): Promise<ReleaseHistory[]> {
  // A usage may be told long after the release: then the release's own day is nearer to the choice.
  return queryRows<ReleaseHistory>(
    db,
    `select e.release_id as "releaseId", e.performance_score as score, e.event_day::text as "eventDay",
       least(min((u.used_at at time zone 'UTC')::date), r.released_on, e.event_day)::text as "decidedOn",
       jsonb_agg(jsonb_build_object('sourceName', u.source_name, 'clipId', u.clip_id)
         order by u.source_name, u.clip_id) as clips
     from stock_performance_events e
     join releases r on r.id = e.release_id
     join stock_clip_usages u on u.release_id = e.release_id
     where e.superseded_at is null and e.event_day <= $1::date and ($2::int is null or r.artist_id = $2::int)
     group by e.id, r.id
     order by e.release_id`,
    [asOfDay, artistId],
  );
}

export interface UsedClip {
  clipId: string;
  releaseId: number;
  releaseTitle: string;
  usedAt: Date;
}

/** Every clip of a source with the releases that it was used in, the latest use first. @throws StoreError */
export async function clipsOfSource(db: Queryable, sourceName: string): Promise<UsedClip[]> {
  return queryRows<UsedClip>(
    db,
    `select u.clip_id as "clipId", u.release_id as "releaseId", r.title as "releaseTitle", u.used_at as "usedAt"
     from stock_clip_usages u
     join releases r on r.id = u.release_id
     where u.source_name = $1
     order by u.used_at desc, u.clip_id, u.release_id`,
    [sourceName],
  );
}
