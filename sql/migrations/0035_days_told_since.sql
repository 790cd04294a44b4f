-- Totals by platform and day that are exact at any time: from the roll-up, but for the days that were written since it
-- was refreshed, which come from the facts. Over 20,000 contents the totals of 60 days took two seconds from the facts.

-- The days that the roll-up is behind on; one may stand in it many times. Nobody's key is checked and no row is
-- changed, so that loads which write the same day do not wait for each other.
create table stale_rollup_days (day date not null);
-- Speaks of no artist.
grant select on stale_rollup_days to tidemark_app, tidemark_worker;

create function mark_touched_days() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into stale_rollup_days (day) select distinct t.day from touched t;
  return null;
end
$$;
-- By statement, since a load's chunk is a handful of statements over tens of thousands of rows.
create trigger mark_inserted_days after insert on content_performance_history
  referencing new table as touched for each statement execute function mark_touched_days();
create trigger mark_updated_days after update on content_performance_history
  referencing new table as touched for each statement execute function mark_touched_days();
create trigger mark_deleted_days after delete on content_performance_history
  referencing old table as touched for each statement execute function mark_touched_days();

create function mark_former_day() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into stale_rollup_days (day) values (old.day);
  return null;
end
$$;
create trigger mark_former_day after update of day on content_performance_history
  for each row when (old.day is distinct from new.day) execute function mark_former_day();

create function mark_emptied_days() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into stale_rollup_days (day) select distinct r.day from platform_day_rollup r;
  return null;
end
$$;
create trigger mark_emptied_days after truncate on content_performance_history
  for each statement execute function mark_emptied_days();

-- The roll-up goes by artist and platform, too.
create function mark_moved_days() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into stale_rollup_days (day)
  select distinct h.day from content_performance_history h where h.content_id = new.id;
  return null;
end
$$;
create trigger mark_moved_days after update on contents
  for each row when (old.artist_id is distinct from new.artist_id or old.platform is distinct from new.platform)
  execute function mark_moved_days();

-- A day is taken off the list first and what it came to is read after that: whoever writes in between puts it on the
-- list again. One refresh at a time, since one that began earlier must not overwrite what a later one read.
create or replace function refresh_rollups(moment timestamptz default now()) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtext('tidemark roll-ups'));
  update content_performance_history h set final = true
  from contents c left join accounts a on a.id = c.account_id
  where h.content_id = c.id and h.basis = 4 and not h.final
    and (h.day + 1)::timestamp at time zone coalesce(a.day_zones ->> 'counters', 'UTC') <= refresh_rollups.moment;
  delete from stale_rollup_days;
  refresh materialized view concurrently platform_day_rollup;
  refresh materialized view concurrently latest_snapshot_rollup;
  return 2;
end
$$;

create view platform_days with (security_invoker = true) as
select p.artist_id, p.platform, p.day, p.final, p.views, p.likes, p.comments, p.shares, p.saves, p.watch_time,
  p.listen_time, p.streams
from platform_day_totals p
where p.day <> all ((select coalesce(array_agg(distinct s.day), '{}') from stale_rollup_days s)::date[])
union all
select c.artist_id, c.platform, e.day, bool_and(e.final), sum(e.views), sum(e.likes), sum(e.comments), sum(e.shares),
  sum(e.saves), sum(e.watch_time), sum(e.listen_time), sum(e.streams)
from contents c
join effective_days e on e.content_id = c.id
where e.day = any ((select coalesce(array_agg(distinct s.day), '{}') from stale_rollup_days s)::date[])
group by c.artist_id, c.platform, e.day;
grant select on platform_days to tidemark_app, tidemark_worker;

-- What was written before this list was kept.
refresh materialized view platform_day_rollup;
