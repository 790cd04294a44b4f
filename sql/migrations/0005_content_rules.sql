-- A linked content carries its release's artist, and exactly one content of a release and platform is primary:
-- the first one linked, or one without a platform id that stands in until then.

create function contents_take_artist() returns trigger language plpgsql as $$
begin
  -- Which content is primary is settled once the row stands; until then it must not claim the place.
  if tg_op = 'INSERT' or (new.release_id, new.platform) is distinct from (old.release_id, old.platform) then
    new.is_primary := false;
  end if;
  -- A release that is missing leaves null here, and its foreign key refuses the row.
  new.artist_id := (select r.artist_id from releases r where r.id = new.release_id);
  return new;
end
$$;
-- Contents come in by the thousand unlinked: the condition spares them the call.
create trigger contents_take_artist_on_insert before insert on contents
  for each row when (new.release_id is not null or new.artist_id is not null or new.is_primary)
  execute function contents_take_artist();
create trigger contents_take_artist_on_update before update of release_id, platform, artist_id on contents
  for each row execute function contents_take_artist();

create function releases_pass_artist_on() returns trigger language plpgsql as $$
begin
  update contents c set artist_id = new.artist_id where c.release_id = new.id;
  return null;
end
$$;
create trigger releases_pass_artist_on after update of artist_id on releases
  for each row when (old.artist_id <> new.artist_id) execute function releases_pass_artist_on();

-- Serialises whoever touches a release's set of contents: two links at once must not both find the place of
-- the primary content free. The second one waits, and then sees what the first one did.
create function lock_contents_of_release(release_id integer) returns void language sql as $$
  select pg_advisory_xact_lock(hashtext('tidemark contents of a release'), release_id);
$$;

-- Derives a metric's day from the snapshots that stand in it, and the next day that knows the metric, which
-- builds on its close: for one value what a load does for a chunk of them, by the same rules. The close is the
-- last value told in the day, the increment the close less that of the day before, null where that is missing. A
-- counter that fell below the last close known of it was corrected: null again, and a revision tells of it.
-- Runs with its owner's rights, since a correction that no longer holds is removed. Saying it again changes
-- nothing, so that whoever may call it can do no harm.
create function derive_metric_days(content_id integer, metric_name text, recorded_at timestamptz)
returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare
  derived constant smallint := 4;
  traits metrics%rowtype;
  zone text;
  first_day date;
  next_day date;
  target date;
  has_close boolean;
  closing double precision;
  previous_day date;
  previous_close double precision;
  stored record;
  increment double precision;
  fell boolean;
  over boolean;
begin
  select m.* into traits from metrics m where m.name = derive_metric_days.metric_name and m.wide;
  if not found then
    return;
  end if;
  has_close := exists (
    select from pg_attribute a
    where a.attrelid = 'content_performance_history'::regclass and a.attname = traits.name || '_close');
  -- One transaction at a time derives a content's days, and loads take the same lock.
  select coalesce(a.day_zones ->> 'counters', 'UTC') into zone
  from contents c left join accounts a on a.id = c.account_id
  where c.id = derive_metric_days.content_id
  for no key update of c;
  first_day := (derive_metric_days.recorded_at at time zone zone)::date;
  if traits.kind = 'counter' then
    execute format(
      'select min(h.day) from content_performance_history h
       where h.content_id = $1 and h.basis = $2 and h.day > $3 and h.%I is not null', traits.name || '_close')
    into next_day using derive_metric_days.content_id, derived, first_day;
  end if;

  foreach target in array array_remove(array[first_day, next_day], null) loop
    execute format(
      'select h.final, h.%1$I as value, %2$s as close from content_performance_history h
       where h.content_id = $1 and h.day = $2 and h.basis = $3',
      traits.name, case when has_close then format('h.%I', traits.name || '_close') else 'null::float8' end)
    into stored using derive_metric_days.content_id, target, derived;
    if target = first_day then
      execute format(
        'select s.%1$I from engagement_snapshots s
         where s.content_id = $1 and s.recorded_at >= $2 and s.recorded_at < $3 and s.%1$I is not null
         order by s.recorded_at desc, s.source limit 1', traits.name)
      into closing
      using derive_metric_days.content_id, target::timestamp at time zone zone, (target + 1)::timestamp at time zone zone;
      over := (target + 1)::timestamp at time zone zone <= now();
    else
      closing := stored.close;
      over := stored.final;
    end if;

    fell := false;
    previous_day := null;
    previous_close := null;
    if traits.kind = 'counter' then
      execute format(
        'select h.day, h.%1$I as close from content_performance_history h
         where h.content_id = $1 and h.basis = $2 and h.day < $3 and h.%1$I is not null
         order by h.day desc limit 1', traits.name || '_close')
      into previous_day, previous_close using derive_metric_days.content_id, derived, target;
      fell := coalesce(traits.never_falls and closing < previous_close, false);
      increment := case when previous_day = target - 1 and not fell then closing - previous_close end;
    else
      increment := closing;
    end if;

    if stored.final and stored.value is not null and stored.value is distinct from increment then
      insert into performance_revisions (content_id, grain, day, source, metric, kind, old_value, new_value, learnt_at)
      values (derive_metric_days.content_id, 'day', target, derived, traits.name, 'replaced', stored.value, increment, now());
    end if;
    if stored.final and stored.close is not null and stored.close is distinct from closing then
      insert into performance_revisions (content_id, grain, day, source, metric, kind, old_value, new_value, learnt_at)
      values (derive_metric_days.content_id, 'day', target, derived, traits.name || '_close', 'replaced', stored.close,
        closing, now());
    end if;
    delete from performance_revisions r
    where r.content_id = derive_metric_days.content_id and r.day = target and r.source = derived
      and r.metric = traits.name and r.kind = 'correction'
      and not (fell and r.old_value = previous_close and r.new_value = closing);
    if fell then
      insert into performance_revisions (content_id, grain, day, source, metric, kind, old_value, new_value, learnt_at)
      values (derive_metric_days.content_id, 'day', target, derived, traits.name, 'correction', previous_close, closing, now())
      on conflict do nothing;
    end if;

    execute format(
      'insert into content_performance_history as h (content_id, day, basis, %1$I%2$s, final)
       values ($1, $2, $3, $4%3$s, $6)
       on conflict on constraint content_performance_history_pkey do update set
         %1$I = excluded.%1$I%4$s, final = h.final or excluded.final, observed_at = excluded.observed_at',
      traits.name,
      case when has_close then format(', %I', traits.name || '_close') else '' end,
      case when has_close then ', $5' else '' end,
      case when has_close then format(', %1$I = excluded.%1$I', traits.name || '_close') else '' end)
    using derive_metric_days.content_id, target, derived, increment, closing, over;
  end loop;
end
$$;

-- Writes one manual value at an instant, with the days that follow from it; a value that it replaces leaves a
-- revision, and so does one that joins a row known before, or the past could not be told from the present.
create function put_manual_value(
  content_id integer, metric_name text, metric_value double precision, recorded_at timestamptz
) returns void language plpgsql as $$
declare
  manual constant smallint := 1;
  is_wide boolean := coalesce((select m.wide from metrics m where m.name = put_manual_value.metric_name), false);
  existed boolean;
  former double precision;
begin
  -- Two that tell the same instant take turns, or the second would not see what it replaces.
  perform from contents c where c.id = put_manual_value.content_id for no key update;
  select true, case when is_wide then to_jsonb(s) ->> put_manual_value.metric_name
    else s.extra ->> put_manual_value.metric_name end
  into existed, former
  from engagement_snapshots s
  where s.content_id = put_manual_value.content_id and s.recorded_at = put_manual_value.recorded_at
    and s.source = manual;
  if existed and former is not distinct from put_manual_value.metric_value then
    return;
  end if;
  if is_wide then
    execute format(
      'insert into engagement_snapshots (content_id, recorded_at, source, %1$I) values ($1, $2, $3, $4)
       on conflict on constraint engagement_snapshots_pkey
       do update set %1$I = excluded.%1$I, observed_at = excluded.observed_at', put_manual_value.metric_name)
    using put_manual_value.content_id, put_manual_value.recorded_at, manual, put_manual_value.metric_value;
  else
    insert into engagement_snapshots as s (content_id, recorded_at, source, extra)
    values (put_manual_value.content_id, put_manual_value.recorded_at, manual,
      jsonb_build_object(put_manual_value.metric_name, put_manual_value.metric_value))
    on conflict on constraint engagement_snapshots_pkey
    do update set extra = coalesce(s.extra, '{}') || excluded.extra, observed_at = excluded.observed_at;
  end if;
  if existed then
    insert into performance_revisions
      (content_id, grain, recorded_at, source, metric, kind, old_value, new_value, learnt_at)
    values (put_manual_value.content_id, 'instant', put_manual_value.recorded_at, manual,
      put_manual_value.metric_name, 'replaced', former, put_manual_value.metric_value, now());
  end if;
  perform derive_metric_days(put_manual_value.content_id, put_manual_value.metric_name, put_manual_value.recorded_at);
end
$$;

-- Moves everything that was told of a stand-in to the content that takes its place, and removes the stand-in.
-- What was derived or found about it is dropped: it is derived and found again under the successor.
create function absorb_content(stand_in integer, successor integer) returns void language plpgsql as $$
declare
  told record;
begin
  for told in
    select s.recorded_at, s.source, v.key as metric, v.value::double precision as value, o.content_id is not null as met
    from engagement_snapshots s
    cross join lateral jsonb_each_text(
      (select jsonb_object_agg(m.name, to_jsonb(s) -> m.name) from metrics m where m.wide)
        || coalesce(s.extra, '{}')) v
    left join engagement_snapshots o
      on o.content_id = absorb_content.successor and o.recorded_at = s.recorded_at and o.source = s.source
    where s.content_id = absorb_content.stand_in and v.value is not null
    order by s.recorded_at, v.key
  loop
    -- A row of the successor at the same instant takes the values one by one, and those replaced leave revisions.
    if told.met then
      perform put_manual_value(absorb_content.successor, told.metric, told.value, told.recorded_at);
    else
      update engagement_snapshots s set content_id = absorb_content.successor
      where s.content_id = absorb_content.stand_in and s.recorded_at = told.recorded_at and s.source = told.source;
      perform derive_metric_days(absorb_content.successor, told.metric, told.recorded_at);
    end if;
  end loop;
  delete from engagement_snapshots s where s.content_id = absorb_content.stand_in;

  delete from performance_revisions r where r.content_id = absorb_content.stand_in and r.grain = 'day';
  update performance_revisions r set content_id = absorb_content.successor
  where r.content_id = absorb_content.stand_in;
  delete from content_performance_history h where h.content_id = absorb_content.stand_in;
  delete from run_contents t where t.content_id = absorb_content.stand_in;
  delete from anomalies a where a.content_id = absorb_content.stand_in;
  delete from trend_analysis_results t where t.content_id = absorb_content.stand_in;
  delete from content_feature_analysis f where f.content_id = absorb_content.stand_in;
  update ab_test_performance t set content_id = absorb_content.successor
  where t.content_id = absorb_content.stand_in;
  delete from contents c where c.id = absorb_content.stand_in;
end
$$;

create function settle_primary_content(release_id integer, platform text) returns void language plpgsql as $$
declare
  stand_in integer;
  chosen integer;
begin
  perform lock_contents_of_release(settle_primary_content.release_id);
  select c.id into stand_in from contents c
  where c.release_id = settle_primary_content.release_id and c.platform = settle_primary_content.platform
    and c.stands_in;
  -- The present one stays; where its place is free the oldest takes it.
  select c.id into chosen from contents c
  where c.release_id = settle_primary_content.release_id and c.platform = settle_primary_content.platform
    and not c.stands_in
  order by c.is_primary desc, c.id limit 1;
  if stand_in is not null and chosen is not null then
    perform absorb_content(stand_in, chosen);
  end if;
  update contents c set is_primary = true where c.id = coalesce(chosen, stand_in) and not c.is_primary;
end
$$;

-- Runs with its owner's rights: absorbing removes rows, which whoever links a content may not do by themselves.
create function contents_settle_primary() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_op <> 'DELETE' and new.release_id is not null then
    perform settle_primary_content(new.release_id, new.platform);
  end if;
  if tg_op <> 'INSERT' and old.release_id is not null then
    if tg_op = 'DELETE' or (new.release_id, new.platform) is distinct from (old.release_id, old.platform) then
      perform settle_primary_content(old.release_id, old.platform);
    end if;
  end if;
  return null;
end
$$;
create trigger contents_settle_primary_on_insert after insert on contents
  for each row when (new.release_id is not null) execute function contents_settle_primary();
create trigger contents_settle_primary_on_update after update of release_id, platform on contents
  for each row execute function contents_settle_primary();
create trigger contents_settle_primary_on_delete after delete on contents
  for each row when (old.release_id is not null) execute function contents_settle_primary();
