-- What people enter by hand can be told apart and taken back, and rows set aside can be mended and replayed.

-- Who entered which value, and whether it was taken back. The value itself stands among the facts.
create table manual_entries (
  id bigint generated always as identity constraint manual_entries_pkey primary key,
  content_id integer not null constraint manual_entries_content_id_fkey references contents (id),
  metric text not null,
  recorded_at timestamptz not null,
  value double precision not null,
  -- The manual value that it replaced; null where there was none.
  former_value double precision,
  entered_by text not null constraint manual_entries_entered_by_check check (entered_by <> ''),
  entered_at timestamptz not null,
  undone_by text,
  undone_at timestamptz,
  constraint manual_entries_undone_check check ((undone_by is null) = (undone_at is null))
);
create index manual_entries_subject_idx on manual_entries (content_id, metric, recorded_at, id); -- what an undoing restores, as-of reads

-- A stand-in's entries go with its values to the content that takes its place.
create function contents_hand_on_entries() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update manual_entries e set content_id = c.id
  from (
    select c.id from contents c
    where c.release_id = old.release_id and c.platform = old.platform and not c.stands_in
    order by c.is_primary desc, c.id limit 1
  ) c
  where e.content_id = old.id;
  return old;
end
$$;
create trigger contents_hand_on_entries before delete on contents
  for each row when (old.stands_in) execute function contents_hand_on_entries();

create function manual_value_of(content_id integer, metric_name text, recorded_at timestamptz)
returns double precision language sql stable as $$
  select (case when exists (select from metrics m where m.name = metric_name and m.wide)
    then to_jsonb(s) ->> metric_name else s.extra ->> metric_name end)::double precision
  from engagement_snapshots s
  where s.content_id = manual_value_of.content_id and s.recorded_at = manual_value_of.recorded_at and s.source = 1;
$$;

-- `insert_performance_record` with the name of whoever enters the value. The entry's id comes back; a value that
-- stands by an entry already keeps that entry, so that a form sent twice enters once.
create function enter_manual_value(
  release_id integer, platform text, metric_name text, metric_value double precision, recorded_at timestamptz,
  actor text, out entry_id bigint, out is_new boolean
) language plpgsql as $$
declare
  known_platform text := required_platform_name(enter_manual_value.platform);
  told_metric text := btrim(enter_manual_value.metric_name);
  content integer;
  former double precision;
begin
  -- What is replaced is read under the locks that the writing takes.
  perform lock_contents_of_release(enter_manual_value.release_id);
  select c.id into content from contents c
  where c.release_id = enter_manual_value.release_id and c.platform = known_platform and c.is_primary
  for no key update;
  former := manual_value_of(content, told_metric, enter_manual_value.recorded_at);
  perform insert_performance_record(
    enter_manual_value.release_id, known_platform, told_metric, metric_value, enter_manual_value.recorded_at);
  content := primary_content_of(enter_manual_value.release_id, known_platform);
  if former = metric_value then
    select e.id into entry_id from manual_entries e
    where e.content_id = content and e.metric = told_metric
      and e.recorded_at = enter_manual_value.recorded_at and e.undone_at is null and e.value = metric_value
    order by e.id desc limit 1;
  end if;
  is_new := entry_id is null;
  if is_new then
    insert into manual_entries (content_id, metric, recorded_at, value, former_value, entered_by, entered_at)
    values (content, told_metric, enter_manual_value.recorded_at, metric_value, former, actor, now())
    returning id into entry_id;
  end if;
end
$$;

-- Removes a manual row that holds nothing any more, and the derived day that holds nothing without it: an instant
-- without a value must not pass for a content's latest reading. Runs with its owner's rights, since removing is
-- nobody else's; it removes nothing that tells anything, so that whoever may call it can do no harm.
create function drop_hollow_instant(content_id integer, recorded_at timestamptz) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  delete from engagement_snapshots s
  where s.content_id = drop_hollow_instant.content_id and s.recorded_at = drop_hollow_instant.recorded_at
    and s.source = 1 and not exists (
      select from jsonb_each(to_jsonb(s) - array['content_id', 'recorded_at', 'source', 'source_version', 'run_id',
        'first_observed_at', 'observed_at']) v
      where v.value not in ('null', '{}', '[]'));
  delete from content_performance_history h
  using contents c left join accounts a on a.id = c.account_id
  where h.content_id = drop_hollow_instant.content_id and c.id = h.content_id and h.basis = 4
    and h.day = (drop_hollow_instant.recorded_at at time zone coalesce(a.day_zones ->> 'counters', 'UTC'))::date
    and not exists (
      select from jsonb_each(to_jsonb(h) - array['content_id', 'day', 'basis', 'final', 'repeats', 'source_version', 'run_id',
        'first_observed_at', 'observed_at']) v
      where v.value not in ('null', '{}'));
end
$$;

-- Takes an entry back and returns whether that changed anything: an entry that was undone stays so. What it had
-- replaced comes back, as far as that was not undone since; without such the manual value goes and whatever the
-- platform told shows again. An entry that a later one has replaced gives nothing up but its own standing.
-- Raises TM007 where there is no such entry, TM008 where something else replaced its value.
create function undo_manual_entry(entry_id bigint, actor text) returns boolean language plpgsql as $$
declare
  entry manual_entries%rowtype;
  former manual_entries%rowtype;
  restored double precision;
  is_wide boolean;
begin
  select e.* into entry from manual_entries e where e.id = entry_id;
  if not found then
    raise exception 'There is no entry %', coalesce(entry_id::text, 'without an id') using errcode = 'TM007';
  end if;
  perform from contents c where c.id = entry.content_id for no key update;
  select e.* into entry from manual_entries e where e.id = entry_id for update;
  if entry.undone_at is not null then
    return false;
  end if;
  if not exists (
    select from manual_entries e
    where e.content_id = entry.content_id and e.metric = entry.metric and e.recorded_at = entry.recorded_at
      and e.id > entry.id and e.undone_at is null)
  then
    if manual_value_of(entry.content_id, entry.metric, entry.recorded_at) is distinct from entry.value then
      raise exception 'Entry % no longer stands: its value was replaced', entry_id using errcode = 'TM008',
        hint = 'Enter the right value at the same instant instead.';
    end if;
    restored := entry.former_value;
    former := entry;
    loop
      select e.* into former from manual_entries e
      where e.content_id = entry.content_id and e.metric = entry.metric and e.recorded_at = entry.recorded_at
        and e.id < former.id and e.value = restored and e.undone_at >= former.entered_at
      order by e.id desc limit 1;
      exit when not found;
      restored := former.former_value;
    end loop;
    is_wide := exists (select from metrics m where m.name = entry.metric and m.wide);
    if is_wide then
      execute format(
        'update engagement_snapshots set %1$I = $3, observed_at = now()
         where content_id = $1 and recorded_at = $2 and source = 1', entry.metric)
      using entry.content_id, entry.recorded_at, restored;
    else
      update engagement_snapshots s
      set extra = nullif(case when restored is null then s.extra - entry.metric
          else s.extra || jsonb_build_object(entry.metric, restored) end, '{}'),
        observed_at = now()
      where s.content_id = entry.content_id and s.recorded_at = entry.recorded_at and s.source = 1;
    end if;
    insert into performance_revisions
      (content_id, grain, recorded_at, source, metric, kind, old_value, new_value, learnt_at)
    values (entry.content_id, 'instant', entry.recorded_at, 1, entry.metric, 'undone', entry.value, restored, now());
    perform derive_metric_days(entry.content_id, entry.metric, entry.recorded_at);
    perform drop_hollow_instant(entry.content_id, entry.recorded_at);
  end if;
  update manual_entries e set undone_by = actor, undone_at = now() where e.id = entry_id;
  return true;
end
$$;

-- As before, and of values whose row went with an entry that was taken back: they stood in the meantime.
create or replace function performance_as_of(content_id text, metric_name text, moment timestamptz)
returns table (
  grain text, recorded_at timestamptz, day date, metric_value double precision, source text
) language plpgsql stable as $$
#variable_conflict use_column
declare
  known_content integer := (select c.id from contents c where c.content_key = performance_as_of.content_id);
  -- Other columns of the facts are no metrics, whatever a caller names.
  has_column boolean := exists (
    select from metrics m where m.wide and performance_as_of.metric_name in (m.name, m.name || '_close'));
begin
  return query
    select distinct on (t.grain, t.recorded_at, t.day) t.grain, t.recorded_at, t.day, t.value, o.name
    from (
      select f.grain, f.recorded_at, f.day, f.source,
        case when r.found then r.old_value else f.value end as value
      from (
        select 'instant' as grain, s.recorded_at, null::date as day, s.source,
          (case when has_column then to_jsonb(s) ->> performance_as_of.metric_name
            else s.extra ->> performance_as_of.metric_name end)::double precision as value
        from engagement_snapshots s
        where s.content_id = known_content and s.first_observed_at <= performance_as_of.moment
        union all
        select 'day', null, h.day, h.basis,
          (case when has_column then to_jsonb(h) ->> performance_as_of.metric_name
            else coalesce(h.extra -> 'increments' ->> performance_as_of.metric_name,
              case when performance_as_of.metric_name like '%\_close' then
                h.extra -> 'closes' ->> left(performance_as_of.metric_name, -length('_close')) end)
          end)::double precision
        from content_performance_history h
        where h.content_id = known_content and h.first_observed_at <= performance_as_of.moment
        union all
        select distinct 'instant', e.recorded_at, null::date, 1::smallint, null::double precision
        from manual_entries e
        where e.content_id = known_content and e.metric = performance_as_of.metric_name
          and e.undone_at is not null and e.entered_at <= performance_as_of.moment
          and not exists (
            select from engagement_snapshots s
            where s.content_id = known_content and s.recorded_at = e.recorded_at and s.source = 1
              and s.first_observed_at <= performance_as_of.moment)
        union all
        select distinct 'day', null::timestamptz, p.day, p.source, null::double precision
        from performance_revisions p
        where p.content_id = known_content and p.metric = performance_as_of.metric_name and p.grain = 'day'
          and p.kind <> 'correction' and p.learnt_at > performance_as_of.moment
          and not exists (
            select from content_performance_history h
            where h.content_id = known_content and h.day = p.day and h.basis = p.source
              and h.first_observed_at <= performance_as_of.moment)
          and exists (
            select from manual_entries e
            where e.content_id = known_content and performance_as_of.metric_name in (e.metric, e.metric || '_close')
              and e.undone_at is not null and e.entered_at <= performance_as_of.moment)
      ) f
      left join lateral (
        -- The first change after the moment tells what stood before it. A platform's correction speaks of the
        -- counter, not of a value that was stored, and tells nothing here.
        select true as found, p.old_value
        from performance_revisions p
        where p.content_id = known_content and p.metric = performance_as_of.metric_name
          and p.recorded_at is not distinct from f.recorded_at and p.day is not distinct from f.day
          and p.source = f.source and p.kind <> 'correction' and p.learnt_at > performance_as_of.moment
        order by p.learnt_at, p.id
        limit 1
      ) r on true
    ) t
    join value_sources o on o.source = t.source
    where t.value is not null
    order by t.grain, t.recorded_at, t.day, t.source;
end
$$;

-- What a row that was set aside needs to be read again, and what became of it.
alter table quarantined_rows
  -- The names of its file's columns, in order; null for rows set aside before they were kept.
  add column header text,
  -- The line that was loaded in its place.
  add column mended text,
  add column note text,
  add column resolved_by text,
  add column resolved_at timestamptz;

do $$
declare
  every_artist constant text := '(select session_sees_every_artist())';
begin
  perform secure_table('manual_entries', every_artist || ' or content_id in (select c.id from contents c)',
    'select, insert, update');
  -- A release on which nothing hangs may be removed; any other can only be withdrawn.
  grant delete on releases to tidemark_app;
end
$$;
