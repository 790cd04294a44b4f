-- Three group roles without a login: the owner migrates, workers load and analyse everything, the application
-- sees the artists in its session's setting `tidemark.artists` and nothing without it.

-- Roles belong to the whole server, so another database's migration may make them at the same time: whoever
-- comes second waits for the first to commit and then finds them there.
do $$
declare
  role_name text;
begin
  foreach role_name in array array['tidemark_owner', 'tidemark_worker', 'tidemark_app'] loop
    if not exists (select from pg_roles r where r.rolname = role_name) then
      begin
        execute format('create role %I nologin', role_name);
      exception when duplicate_object or unique_violation then null;
      end;
    end if;
    -- A superuser is a member of everything; anyone else needs the owner's policies and the right to lend the roles.
    if not pg_has_role(current_user, role_name, 'usage') then
      begin
        execute format('grant %I to %I', role_name, current_user);
      exception when unique_violation then null;
      end;
    end if;
  end loop;
exception when insufficient_privilege then
  raise exception '% may not create or grant the role %', current_user, role_name
    using errcode = 'insufficient_privilege', hint = format(
      'Let an administrator run: create role %1$I nologin; grant %1$I to %2$I; (the first where it is missing).',
      role_name, current_user);
end
$$;

-- The artists that the session may see, `1,5,9` in the setting. After a transaction with `set local` the
-- setting is an empty text, not null; both are nobody.
create function session_artists() returns integer[] language sql stable parallel safe as $$
  select case when current_setting('tidemark.artists', true) = '*' then '{}'
    else coalesce(string_to_array(nullif(current_setting('tidemark.artists', true), ''), ',')::integer[], '{}')
  end;
$$;
create function session_sees_every_artist() returns boolean language sql stable parallel safe as $$
  select coalesce(current_setting('tidemark.artists', true), '') = '*';
$$;

-- Puts a table under row security, forced, with grants for the worker and, by the words given, the application.
-- `visible` is the application's condition. Functions in it belong into a subselect: that runs once a statement
-- (1 % more time, measured) and not once a row (26 %). A later migration that adds a table calls this for it.
create function secure_table(secured regclass, visible text, privileges text default 'select')
returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', secured);
  execute format('alter table %s force row level security', secured);
  execute format('create policy owner_all on %s to tidemark_owner using (true) with check (true)', secured);
  execute format('create policy worker_all on %s to tidemark_worker using (true) with check (true)', secured);
  execute format('create policy app_visible on %s to tidemark_app using (%s) with check (%2$s)', secured, visible);
  execute format('grant select, insert, update, delete on %s to tidemark_worker', secured);
  execute format('grant %s on %s to tidemark_app', privileges, secured);
end
$$;
revoke execute on function secure_table(regclass, text, text) from public;

do $$
declare
  every_artist constant text := '(select session_sees_every_artist())';
  own_artist constant text := every_artist || ' or artist_id = any ((select session_artists())::integer[])';
  -- What a row hangs on is under row security itself: to see the parent is to see the row.
  own_release constant text := every_artist || ' or release_id in (select r.id from releases r)';
  own_content constant text := every_artist || ' or content_id in (select c.id from contents c)';
  own_account constant text := every_artist || ' or account_id in (select a.id from accounts a)';
begin
  perform secure_table('artists', every_artist || ' or id = any ((select session_artists())::integer[])',
    'select, insert, update');
  perform secure_table('releases', own_artist, 'select, insert, update');
  perform secure_table('accounts', own_artist, 'select, insert, update');
  perform secure_table('contents', own_artist, 'select, insert, update');
  perform secure_table('credentials', every_artist,
    'select (id, name, platform, key_id, capabilities, state, checked_at, created_at)');

  perform secure_table('content_availability', own_content);
  perform secure_table('engagement_snapshots', own_content, 'select, insert, update');
  perform secure_table('content_performance_history', own_content, 'select, insert, update');
  perform secure_table('performance_revisions', own_content, 'select, insert');
  perform secure_table('run_contents', own_content, 'select, insert');
  perform secure_table('anomalies', own_content);
  perform secure_table('trend_analysis_results', own_content, 'select, insert, update');
  perform secure_table('content_feature_analysis', own_content, 'select, insert, update');

  perform secure_table('account_days', own_account);
  perform secure_table('coverage', own_account);
  perform secure_table('runs', own_account, 'select, insert, update');
  perform secure_table('backfill_plans', own_account, 'select, insert, update');
  perform secure_table('backfill_plan_days',
    every_artist || ' or plan_id in (select p.id from backfill_plans p)', 'select, insert, update');

  perform secure_table('correlation_analysis_results', own_artist, 'select, insert, update');
  perform secure_table('optimization_insights', own_artist, 'select, insert, update');
  perform secure_table('release_scores', own_release, 'select, insert, update');
  perform secure_table('stock_clip_usages', own_release, 'select, insert, update');
  perform secure_table('stock_performance_events', own_release, 'select, insert, update');

  -- Rows that may speak of one thing, of another or of both: all that they name must be visible.
  perform secure_table('annotations', every_artist || ' or (
    num_nonnulls(artist_id, release_id) > 0
    and (artist_id is null or artist_id = any ((select session_artists())::integer[]))
    and (release_id is null or release_id in (select r.id from releases r)))', 'select, insert, update, delete');
  perform secure_table('ab_test_performance', every_artist || ' or (
    num_nonnulls(release_id, content_id) > 0
    and (release_id is null or release_id in (select r.id from releases r))
    and (content_id is null or content_id in (select c.id from contents c)))', 'select, insert, update');
  perform secure_table('performance_benchmarks', own_artist, 'select, insert, update');
  -- Published benchmarks are nobody's own.
  create policy app_reads_external on performance_benchmarks for select to tidemark_app
    using (artist_id is null and origin = 'external'
      and nullif(current_setting('tidemark.artists', true), '') is not null);

  -- Speak of any artist, without saying of which.
  perform secure_table('quarantined_rows', every_artist, 'select, insert, update');
  perform secure_table('api_keys', every_artist, 'select, insert, update');
  perform secure_table('audit_log', every_artist, 'select, insert');
end
$$;

-- Speak of no artist.
grant select on value_sources, metrics, metric_definitions, quota_usage, schedules, schema_migrations to tidemark_app;
grant insert, update on schedules to tidemark_app;
grant select, insert, update, delete on value_sources, metrics, metric_definitions, quota_usage, schedules
  to tidemark_worker;
grant select on schema_migrations to tidemark_worker;

grant select on approved_releases, effective_snapshots, effective_days to tidemark_app, tidemark_worker;
grant select, insert on content_performance to tidemark_app, tidemark_worker;

-- The roll-ups as their reader may see them. These views run with their owner's rights, since a reader has none
-- on what is beneath; so they say themselves who sees what, and are barriers against leaky conditions.
create function session_reads_rollups_of_all() returns boolean language sql stable parallel safe as $$
  select session_sees_every_artist() or pg_has_role(current_user, 'tidemark_worker', 'usage')
    or pg_has_role(current_user, 'tidemark_owner', 'usage');
$$;
create view platform_day_totals with (security_barrier = true) as
select p.* from platform_day_rollup p
where (select session_reads_rollups_of_all()) or p.artist_id = any ((select session_artists())::integer[]);
create view latest_snapshots with (security_barrier = true) as
select s.* from latest_snapshot_rollup s
where (select session_reads_rollups_of_all()) or s.artist_id = any ((select session_artists())::integer[]);
grant select on platform_day_totals, latest_snapshots to tidemark_app, tidemark_worker;

-- With their owner's rights, or the ways to them: nobody calls these by hand.
revoke execute on function refresh_rollups(timestamptz) from public;
grant execute on function refresh_rollups(timestamptz) to tidemark_worker;
revoke execute on function absorb_content(integer, integer), settle_primary_content(integer, text),
  derive_metric_days(integer, text, timestamptz), put_manual_value(integer, text, double precision, timestamptz),
  primary_content_of(integer, text) from public;
grant execute on function derive_metric_days(integer, text, timestamptz),
  put_manual_value(integer, text, double precision, timestamptz),
  primary_content_of(integer, text) to tidemark_app, tidemark_worker;
