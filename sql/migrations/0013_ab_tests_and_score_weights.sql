-- A/B tests with their plan, assignment and decision; the weights that made a score; benchmarks that people edit.

create table ab_tests (
  id integer generated always as identity constraint ab_tests_pkey primary key,
  artist_id integer not null constraint ab_tests_artist_id_fkey references artists (id),
  name text not null constraint ab_tests_name_check check (name <> ''),
  hypothesis text,
  metric text not null constraint ab_tests_metric_check check (metric <> ''),
  kind text not null constraint ab_tests_kind_check check (kind in ('proportion', 'mean')),
  -- `recorded`: totals told for each variant; `equal_age`: the assigned contents' values at an age.
  outcome text not null constraint ab_tests_outcome_check check (outcome in ('recorded', 'equal_age')),
  age_days integer,
  goal text not null constraint ab_tests_goal_check check (goal in ('increase', 'decrease')),
  -- The plan, fixed before the first observation: the guard on peeking rests on it.
  alpha double precision not null constraint ab_tests_alpha_check check (alpha > 0 and alpha < 0.5),
  power double precision not null constraint ab_tests_power_check check (power > 0.5 and power < 1),
  baseline double precision not null,
  standard_deviation double precision constraint ab_tests_standard_deviation_check check (standard_deviation > 0),
  minimum_effect double precision not null
    constraint ab_tests_minimum_effect_check check (minimum_effect > 0),
  planned_per_variant bigint not null
    constraint ab_tests_planned_per_variant_check check (planned_per_variant > 0),
  status text not null default 'running'
    constraint ab_tests_status_check check (status in ('running', 'decided', 'closed')),
  created_by text not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  -- Who ended it and why; `decided` names the variant that was chosen, `closed` none.
  decision text,
  decision_note text,
  decided_at timestamptz,
  decided_by text,
  -- What the evaluation said at that moment.
  evaluation jsonb,
  constraint ab_tests_key unique (artist_id, name),
  constraint ab_tests_age_days_check check ((outcome = 'equal_age') = (age_days is not null)
    and (age_days is null or (age_days > 0 and kind = 'mean'))),
  constraint ab_tests_ended_check check ((status = 'running') = (ended_at is null)),
  constraint ab_tests_decided_check check ((status = 'decided') = (decision is not null)
    and (status = 'running') = (decided_at is null) and (status = 'running') = (decided_by is null))
);

create table ab_test_variants (
  ab_test_id integer not null constraint ab_test_variants_ab_test_id_fkey references ab_tests (id),
  name text not null constraint ab_test_variants_name_check check (name <> ''),
  is_control boolean not null,
  -- Part of the trials that it is to get, relative to the other variants' shares.
  share double precision not null constraint ab_test_variants_share_check check (share > 0),
  description text,
  constraint ab_test_variants_pkey primary key (ab_test_id, name)
);
create unique index ab_test_variants_control_key on ab_test_variants (ab_test_id) where is_control;

create table ab_test_assignments (
  ab_test_id integer not null,
  content_id integer not null constraint ab_test_assignments_content_id_fkey references contents (id),
  variant text not null,
  assigned_at timestamptz not null,
  assigned_by text not null,
  -- A content has one variant: two would count its value on both sides.
  constraint ab_test_assignments_pkey primary key (ab_test_id, content_id),
  constraint ab_test_assignments_variant_fkey
    foreign key (ab_test_id, variant) references ab_test_variants (ab_test_id, name)
);
create index ab_test_assignments_content_idx on ab_test_assignments (content_id); -- the tests that a content is in

-- A stand-in gives its assignments to the content that takes its place, unless that one has its own already.
-- Runs with its owner's rights, like the absorbing itself.
create function contents_hand_on_assignments() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  successor integer;
begin
  select c.id into successor from contents c
  where c.release_id = old.release_id and c.platform = old.platform and not c.stands_in
  order by c.is_primary desc, c.id limit 1;
  if successor is not null then
    update ab_test_assignments a set content_id = successor
    where a.content_id = old.id and not exists (
      select from ab_test_assignments o where o.ab_test_id = a.ab_test_id and o.content_id = successor);
    delete from ab_test_assignments a where a.content_id = old.id;
  end if;
  return old;
end
$$;
create trigger contents_hand_on_assignments before delete on contents
  for each row when (old.stands_in) execute function contents_hand_on_assignments();

alter table ab_test_performance
  add column ab_test_id integer,
  add column recorded_by text,
  drop constraint ab_test_performance_key,
  add constraint ab_test_performance_key
    unique nulls not distinct (ab_test_id, test_name, variant, release_id, content_id, metric),
  add constraint ab_test_performance_variant_fkey
    foreign key (ab_test_id, variant) references ab_test_variants (ab_test_id, name),
  add constraint ab_test_performance_counts_check
    check (trials >= 0 and (successes is null or (successes >= 0 and successes <= trials)) and (variance is null or variance >= 0));

-- Weights are never changed, only followed by a new version: a stored score can be computed again from its own.
create table score_weights (
  id integer generated always as identity constraint score_weights_pkey primary key,
  -- Null holds for every artist without weights of its own.
  artist_id integer constraint score_weights_artist_id_fkey references artists (id),
  version integer not null constraint score_weights_version_check check (version > 0),
  -- By metric, or by `platform/metric`, which goes before: {"views": 0.5, "youtube/likes": 0.1}.
  weights jsonb not null constraint score_weights_weights_check check (jsonb_typeof(weights) = 'object'),
  created_by text not null,
  valid_from timestamptz not null,
  constraint score_weights_key unique nulls not distinct (artist_id, version)
);

-- Reach counts most, what asks more of the audience than a view comes next.
insert into score_weights (version, weights, created_by, valid_from)
values (1, '{"views": 0.5, "streams": 0.5, "watch_time": 0.2, "listen_time": 0.2, "likes": 0.15, "saves": 0.15,
  "comments": 0.1, "shares": 0.1}', 'tidemark', '-infinity');

alter table release_scores
  add column weights_id integer constraint release_scores_weights_id_fkey references score_weights (id),
  add column parameters jsonb not null default '{}';

alter table performance_benchmarks
  add column method text,
  add column method_version text,
  add column withheld_reason text,
  -- Of an external one: where the figure is from, who told it, and when it was struck out. A row that was struck
  -- out stays, so that the configuration does not bring it back.
  add column told_source text,
  add column edited_at timestamptz,
  add column edited_by text,
  add column removed_at timestamptz;

do $$
declare
  every_artist constant text := '(select session_sees_every_artist())';
  own_artist constant text := every_artist || ' or artist_id = any ((select session_artists())::integer[])';
  own_test constant text := every_artist || ' or ab_test_id in (select t.id from ab_tests t)';
begin
  perform secure_table('ab_tests', own_artist, 'select, insert, update');
  perform secure_table('ab_test_variants', own_test, 'select, insert, update');
  perform secure_table('ab_test_assignments', every_artist || ' or (
    ab_test_id in (select t.id from ab_tests t) and content_id in (select c.id from contents c))',
    'select, insert, update, delete');
  perform secure_table('score_weights', own_artist, 'select, insert');
  -- The default weights are nobody's own.
  create policy app_reads_default on score_weights for select to tidemark_app
    using (artist_id is null and nullif(current_setting('tidemark.artists', true), '') is not null);

  -- All that a row names must be visible, now its test as well.
  drop policy app_visible on ab_test_performance;
  execute format('create policy app_visible on ab_test_performance to tidemark_app using (%s) with check (%1$s)',
    every_artist || ' or (
    num_nonnulls(ab_test_id, release_id, content_id) > 0
    and (ab_test_id is null or ab_test_id in (select t.id from ab_tests t))
    and (release_id is null or release_id in (select r.id from releases r))
    and (content_id is null or content_id in (select c.id from contents c)))');
end
$$;
