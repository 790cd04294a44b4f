-- Materialised views for the common reads: a total by platform and day answers in half a millisecond where the
-- facts take 60 to 140. They carry the artist, since row security does not reach them; the application reads
-- them through the views in the next migration alone. A release's days need none: they come in 2 ms as they are,
-- and a roll-up of them is as large as the facts.

create materialized view platform_day_rollup as
select
  c.artist_id, c.platform, e.day, count(*) as contents, bool_and(e.final) as final,
  sum(e.views) as views, sum(e.likes) as likes, sum(e.comments) as comments, sum(e.shares) as shares,
  sum(e.saves) as saves, sum(e.watch_time) as watch_time, sum(e.listen_time) as listen_time,
  sum(e.streams) as streams
from effective_days e
join contents c on c.id = e.content_id
group by c.artist_id, c.platform, e.day;
-- Read by artist and range of days; a refresh beside readers needs a unique index.
create unique index platform_day_rollup_key on platform_day_rollup (artist_id, platform, day) nulls not distinct;

-- For each metric the last value told, whichever row told it.
create materialized view latest_snapshot_rollup as
select c.artist_id, c.release_id, c.id as content_id, c.platform, l.recorded_at,
  (select s.views from engagement_snapshots s where s.content_id = c.id and s.views is not null
    order by s.recorded_at desc, s.source limit 1) as views,
  (select s.likes from engagement_snapshots s where s.content_id = c.id and s.likes is not null
    order by s.recorded_at desc, s.source limit 1) as likes,
  (select s.comments from engagement_snapshots s where s.content_id = c.id and s.comments is not null
    order by s.recorded_at desc, s.source limit 1) as comments,
  (select s.shares from engagement_snapshots s where s.content_id = c.id and s.shares is not null
    order by s.recorded_at desc, s.source limit 1) as shares,
  (select s.saves from engagement_snapshots s where s.content_id = c.id and s.saves is not null
    order by s.recorded_at desc, s.source limit 1) as saves,
  (select s.engagement_rate from engagement_snapshots s where s.content_id = c.id and s.engagement_rate is not null
    order by s.recorded_at desc, s.source limit 1) as engagement_rate,
  (select s.watch_time from engagement_snapshots s where s.content_id = c.id and s.watch_time is not null
    order by s.recorded_at desc, s.source limit 1) as watch_time,
  (select s.listen_time from engagement_snapshots s where s.content_id = c.id and s.listen_time is not null
    order by s.recorded_at desc, s.source limit 1) as listen_time,
  (select s.followers from engagement_snapshots s where s.content_id = c.id and s.followers is not null
    order by s.recorded_at desc, s.source limit 1) as followers,
  (select s.popularity from engagement_snapshots s where s.content_id = c.id and s.popularity is not null
    order by s.recorded_at desc, s.source limit 1) as popularity,
  (select s.streams from engagement_snapshots s where s.content_id = c.id and s.streams is not null
    order by s.recorded_at desc, s.source limit 1) as streams
from contents c
cross join lateral (
  select max(s.recorded_at) as recorded_at from engagement_snapshots s where s.content_id = c.id
) l
where l.recorded_at is not null;
create unique index latest_snapshot_rollup_key on latest_snapshot_rollup (content_id);
create index latest_snapshot_rollup_artist_id_idx on latest_snapshot_rollup (artist_id); -- an artist's contents

-- Refreshes every roll-up beside its readers and returns how many there are; `moment` is the program's clock.
-- Derived days that ended since they were last touched are settled first: nothing else touches those of a
-- content with manual values alone. Only an owner may refresh a materialised view, so it runs with its
-- owner's rights.
create function refresh_rollups(moment timestamptz default now()) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update content_performance_history h set final = true
  from contents c left join accounts a on a.id = c.account_id
  where h.content_id = c.id and h.basis = 4 and not h.final
    and (h.day + 1)::timestamp at time zone coalesce(a.day_zones ->> 'counters', 'UTC') <= refresh_rollups.moment;
  refresh materialized view concurrently platform_day_rollup;
  refresh materialized view concurrently latest_snapshot_rollup;
  return 2;
end
$$;

create function sums_digest(row_count bigint, first_sum numeric, second_sum numeric) returns text
language sql immutable parallel safe as $$
  select md5(concat_ws(' ', row_count, first_sum, second_sum));
$$;

-- What two databases are compared by: a row a part, by natural keys, without what depends on when and in which
-- order it was learnt (observation times, runs, source versions, attempts, revisions). Sums of hashes do not
-- depend on the order in which rows come; two seeds make 128 bits of them. `offset 0` keeps a row's text from
-- being made twice.
create function tidemark_digest_parts() returns table (part text, row_count bigint, digest text)
language sql stable set timezone = 'UTC' set datestyle = 'ISO' set extra_float_digits = 1 as $$
  select 'account_days', count(*),
    sums_digest(count(*), sum(hashtextextended(t.row_text, 0)), sum(hashtextextended(t.row_text, 1)))
  from (
    select row(a.platform, a.name, d.day, d.metric, d.value, d.final)::text as row_text
    from account_days d join accounts a on a.id = d.account_id
    offset 0
  ) t
  union all
  select 'availability', count(*),
    sums_digest(count(*), sum(hashtextextended(t.row_text, 0)), sum(hashtextextended(t.row_text, 1)))
  from (
    select row(c.content_key, a.state, a.from_at, a.to_at)::text as row_text
    from content_availability a join contents c on c.id = a.content_id
    offset 0
  ) t
  union all
  select 'coverage', count(*),
    sums_digest(count(*), sum(hashtextextended(t.row_text, 0)), sum(hashtextextended(t.row_text, 1)))
  from (
    select row(a.platform, a.name, v.report, v.day, v.state, v.rows)::text as row_text
    from coverage v join accounts a on a.id = v.account_id
    offset 0
  ) t
  union all
  select 'days', count(*),
    sums_digest(count(*), sum(hashtextextended(t.row_text, 0)), sum(hashtextextended(t.row_text, 1)))
  from (
    select row(
      c.content_key, h.day, h.basis, h.final, h.views, h.likes, h.comments, h.shares, h.saves, h.engagement_rate,
      h.watch_time, h.listen_time, h.followers, h.popularity, h.streams, h.views_close, h.likes_close,
      h.comments_close, h.shares_close, h.saves_close, h.watch_time_close, h.listen_time_close,
      h.followers_close, h.streams_close, h.extra)::text as row_text
    from content_performance_history h join contents c on c.id = h.content_id
    offset 0
  ) t
  union all
  select 'effective_days', count(*),
    sums_digest(count(*), sum(hashtextextended(t.row_text, 0)), sum(hashtextextended(t.row_text, 1)))
  from (
    select row(
      c.content_key, e.day, e.final, e.views, e.likes, e.comments, e.shares, e.saves, e.engagement_rate,
      e.watch_time, e.listen_time, e.followers, e.popularity, e.streams, e.views_close, e.likes_close,
      e.comments_close, e.shares_close, e.saves_close, e.watch_time_close, e.listen_time_close,
      e.followers_close, e.streams_close, e.extra)::text as row_text
    from effective_days e join contents c on c.id = e.content_id
    offset 0
  ) t
  union all
  select 'effective_snapshots', count(*),
    sums_digest(count(*), sum(hashtextextended(t.row_text, 0)), sum(hashtextextended(t.row_text, 1)))
  from (
    select row(
      c.content_key, e.recorded_at, e.views, e.likes, e.comments, e.shares, e.saves, e.engagement_rate,
      e.watch_time, e.listen_time, e.followers, e.popularity, e.streams, e.extra, e.hidden)::text as row_text
    from effective_snapshots e join contents c on c.id = e.content_id
    offset 0
  ) t
  union all
  select 'snapshots', count(*),
    sums_digest(count(*), sum(hashtextextended(t.row_text, 0)), sum(hashtextextended(t.row_text, 1)))
  from (
    select row(
      c.content_key, s.recorded_at, s.source, s.views, s.likes, s.comments, s.shares, s.saves, s.engagement_rate,
      s.watch_time, s.listen_time, s.followers, s.popularity, s.streams, s.extra, s.hidden, s.metadata)::text as row_text
    from engagement_snapshots s join contents c on c.id = s.content_id
    offset 0
  ) t;
$$;

create function tidemark_digest() returns text language sql stable as $$
  select md5(string_agg(p.part || ' ' || p.row_count || ' ' || p.digest, E'\n' order by p.part))
  from tidemark_digest_parts() p;
$$;
comment on function tidemark_digest() is
  'One digest over facts, effective values, coverage and availability; equal for equal contents, whatever the order.';
