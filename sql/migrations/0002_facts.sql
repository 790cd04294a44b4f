-- Counters and gauges at instants: one wide row a content, instant and source. Wide rows on integer keys
-- loaded four times as fast as a row a metric and take a fourth of the room. A null was not told.
create table engagement_snapshots (
  content_id integer not null constraint engagement_snapshots_content_id_fkey references contents (id),
  -- The platform's own clock.
  recorded_at timestamptz not null,
  source smallint not null constraint engagement_snapshots_source_fkey references value_sources (source),
  views double precision,
  likes double precision,
  comments double precision,
  shares double precision,
  saves double precision,
  engagement_rate double precision,
  watch_time double precision,
  listen_time double precision,
  followers double precision,
  popularity double precision,
  streams double precision,
  extra jsonb,
  -- Metrics that the platform hides on purpose.
  hidden text[],
  metadata jsonb,
  -- Of the source's own answer; an older one than what is stored is stale.
  source_version timestamptz,
  run_id bigint,
  first_observed_at timestamptz not null default now(),
  observed_at timestamptz not null default now(),
  constraint engagement_snapshots_pkey primary key (content_id, recorded_at, source)
);

-- Increments and closes by day: one wide row a content, day and basis (the source's code; derived rows come
-- from snapshots). The day is that of the account's zone for the report.
create table content_performance_history (
  content_id integer not null constraint content_performance_history_content_id_fkey references contents (id),
  day date not null,
  basis smallint not null constraint content_performance_history_basis_fkey references value_sources (source),
  views double precision,
  likes double precision,
  comments double precision,
  shares double precision,
  saves double precision,
  engagement_rate double precision,
  watch_time double precision,
  listen_time double precision,
  followers double precision,
  popularity double precision,
  streams double precision,
  views_close double precision,
  likes_close double precision,
  comments_close double precision,
  shares_close double precision,
  saves_close double precision,
  watch_time_close double precision,
  listen_time_close double precision,
  followers_close double precision,
  streams_close double precision,
  -- {"increments": {…}, "closes": {…}} of metrics without a column.
  extra jsonb,
  final boolean not null default false,
  source_version timestamptz,
  run_id bigint,
  first_observed_at timestamptz not null default now(),
  observed_at timestamptz not null default now(),
  constraint content_performance_history_pkey primary key (content_id, day, basis)
);

create table account_days (
  account_id integer not null constraint account_days_account_id_fkey references accounts (id),
  day date not null,
  metric text not null,
  value double precision not null,
  final boolean not null default false,
  source_version timestamptz,
  run_id bigint,
  observed_at timestamptz not null default now(),
  constraint account_days_pkey primary key (account_id, day, metric)
);

-- Every change of a value that was known: what it was, what it became, when that was learnt.
create table performance_revisions (
  id bigint generated always as identity constraint performance_revisions_pkey primary key,
  content_id integer not null constraint performance_revisions_content_id_fkey references contents (id),
  grain text not null constraint performance_revisions_grain_check check (grain in ('instant', 'day')),
  -- Exactly one of the two: the instant or the day that the value speaks of.
  recorded_at timestamptz,
  day date,
  source smallint not null,
  metric text not null,
  kind text not null
    constraint performance_revisions_kind_check check (kind in ('replaced', 'correction', 'undone')),
  old_value double precision,
  new_value double precision,
  learnt_at timestamptz not null,
  run_id bigint,
  constraint performance_revisions_subject_check check ((grain = 'instant') = (recorded_at is not null) and (grain = 'day') = (day is not null))
);
create index performance_revisions_subject_idx
  on performance_revisions (content_id, metric, recorded_at, day, learnt_at); -- as-of reads, a content's history
-- A correction is found again each time its day is recomputed: once is enough.
create unique index performance_revisions_correction_key
  on performance_revisions (content_id, day, source, metric, old_value, new_value) where kind = 'correction';

create table coverage (
  account_id integer not null constraint coverage_account_id_fkey references accounts (id),
  report text not null,
  day date not null,
  state text not null constraint coverage_state_check
    check (state in ('missing', 'provisional', 'final', 'failed', 'unavailable')),
  attempts integer not null default 0,
  rows integer not null default 0,
  digest text,
  failure_kind text,
  failure_message text,
  run_id bigint,
  updated_at timestamptz not null default now(),
  constraint coverage_pkey primary key (account_id, report, day)
);

create table quota_usage (
  project text not null,
  bucket text not null,
  -- The platform's own quota day (Google's ends at midnight in Los Angeles).
  quota_day date not null,
  reserved integer not null default 0,
  quota_limit integer not null,
  -- The platform itself said that nothing is left until then.
  exhausted_until timestamptz,
  constraint quota_usage_pkey primary key (project, bucket, quota_day)
);

create table quarantined_rows (
  id bigint generated always as identity constraint quarantined_rows_pkey primary key,
  origin text not null,
  line integer not null,
  raw text not null,
  field text,
  reason text not null,
  run_id bigint,
  state text not null default 'open'
    constraint quarantined_rows_state_check check (state in ('open', 'replayed', 'dismissed')),
  quarantined_at timestamptz not null default now(),
  -- Reading the same file again must not quarantine its rows again.
  constraint quarantined_rows_key unique (origin, line, reason)
);

create table schedules (
  name text constraint schedules_pkey primary key,
  paused boolean not null default false,
  pause_reason text,
  changed_at timestamptz not null default now()
);

create table backfill_plans (
  id bigint generated by default as identity constraint backfill_plans_pkey primary key,
  account_id integer not null constraint backfill_plans_account_id_fkey references accounts (id),
  report text not null,
  from_day date not null,
  to_day date not null,
  mode text not null constraint backfill_plans_mode_check check (mode in ('missing', 'failed', 'all')),
  newest_first boolean not null default true,
  concurrency integer not null default 4,
  state text not null default 'planned' constraint backfill_plans_state_check
    check (state in ('planned', 'running', 'paused', 'parked', 'finished', 'cancelled', 'failed')),
  quota_units integer not null default 0,
  created_at timestamptz not null default now(),
  constraint backfill_plans_range_check check (from_day < to_day)
);
create index backfill_plans_account_idx on backfill_plans (account_id, report, state); -- no two over the same range

create table backfill_plan_days (
  plan_id bigint not null constraint backfill_plan_days_plan_id_fkey references backfill_plans (id) on delete cascade,
  day date not null,
  -- Why a day is left out (`final already`, `source answers for now only`, `in the future`); null: to be collected.
  skip_reason text,
  moments timestamptz[] not null default '{}',
  state text not null default 'open'
    constraint backfill_plan_days_state_check check (state in ('open', 'skipped', 'started', 'done', 'failed')),
  failure text,
  constraint backfill_plan_days_pkey primary key (plan_id, day)
);

create table annotations (
  id bigint generated always as identity constraint annotations_pkey primary key,
  artist_id integer constraint annotations_artist_id_fkey references artists (id),
  release_id integer constraint annotations_release_id_fkey references releases (id),
  platform text,
  at timestamptz not null,
  text text not null,
  created_at timestamptz not null default now()
);

create table api_keys (
  id integer generated by default as identity constraint api_keys_pkey primary key,
  name text not null,
  prefix text not null,
  sha256 bytea not null constraint api_keys_sha256_key unique,
  scopes text[] not null,
  artist_ids integer[],
  expires_at timestamptz,
  revoked_at timestamptz,
  created_at timestamptz not null default now()
);

create table audit_log (
  id bigint generated always as identity constraint audit_log_pkey primary key,
  at timestamptz not null default now(),
  actor text not null,
  action text not null,
  subject text,
  details jsonb not null default '{}'
);
