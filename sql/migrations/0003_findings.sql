-- What the analyses found, each with the run that found it and the version of the method.

create table anomalies (
  id bigint generated always as identity constraint anomalies_pkey primary key,
  content_id integer not null constraint anomalies_content_id_fkey references contents (id),
  metric text not null,
  day date not null,
  method text not null,
  method_version text not null,
  kind text not null constraint anomalies_kind_check check (kind in ('spike', 'drop', 'level', 'silence')),
  direction text not null constraint anomalies_direction_check check (direction in ('up', 'down')),
  value double precision,
  expected double precision not null,
  lower_bound double precision not null,
  upper_bound double precision not null,
  score double precision not null,
  run_id bigint,
  found_at timestamptz not null,
  constraint anomalies_key unique (content_id, metric, day, method)
);
create index anomalies_day_idx on anomalies (day desc); -- the latest anomalies

create table trend_analysis_results (
  id bigint generated always as identity constraint trend_analysis_results_pkey primary key,
  run_id bigint not null,
  content_id integer not null constraint trend_analysis_results_content_id_fkey references contents (id),
  metric text not null,
  method text not null,
  method_version text not null,
  period_start date,
  period_end date,
  points integer not null,
  -- Null with `withheld_reason` where there is not enough data.
  direction text,
  strength text,
  slope double precision,
  r_squared double precision,
  -- The whole `TrendAnalysis`; null where withheld.
  analysis jsonb,
  backtest jsonb,
  withheld_reason text,
  computed_at timestamptz not null,
  constraint trend_analysis_results_key unique (run_id, content_id, metric, method)
);
create index trend_analysis_results_latest_idx
  on trend_analysis_results (content_id, metric, method, computed_at desc); -- the latest a subject

create table content_feature_analysis (
  run_id bigint not null,
  content_id integer not null constraint content_feature_analysis_content_id_fkey references contents (id),
  features jsonb not null,
  outcomes jsonb not null,
  computed_at timestamptz not null,
  constraint content_feature_analysis_pkey primary key (run_id, content_id)
);

create table correlation_analysis_results (
  id bigint generated always as identity constraint correlation_analysis_results_pkey primary key,
  run_id bigint not null,
  artist_id integer not null constraint correlation_analysis_results_artist_id_fkey references artists (id),
  feature text not null,
  metric text not null,
  method text not null,
  method_version text not null,
  correlation_coefficient double precision,
  p_value double precision,
  adjusted_p_value double precision,
  confidence_low double precision,
  confidence_high double precision,
  sample_size integer not null,
  strength text,
  direction text,
  significant boolean not null default false,
  interpretation text,
  withheld_reason text,
  computed_at timestamptz not null,
  constraint correlation_analysis_results_key unique (run_id, artist_id, feature, metric, method)
);

create table optimization_insights (
  id bigint generated always as identity constraint optimization_insights_pkey primary key,
  artist_id integer not null constraint optimization_insights_artist_id_fkey references artists (id),
  -- What makes it the same insight on another day.
  insight_key text not null,
  insight_type text not null,
  priority text not null constraint optimization_insights_priority_check check (priority in ('low', 'medium', 'high')),
  title text not null,
  description text not null,
  impact_prediction text not null,
  implementation_difficulty text not null,
  affected_content text[] not null default '{}',
  data_supporting jsonb not null default '{}',
  rank double precision not null default 0,
  status text not null default 'open'
    constraint optimization_insights_status_check check (status in ('open', 'accepted', 'dismissed', 'snoozed', 'outdated')),
  snoozed_until date,
  method_version text not null,
  run_id bigint,
  first_found_at timestamptz not null,
  last_found_at timestamptz not null,
  constraint optimization_insights_key unique (artist_id, insight_key)
);

create table release_scores (
  id bigint generated always as identity constraint release_scores_pkey primary key,
  run_id bigint not null,
  release_id integer not null constraint release_scores_release_id_fkey references releases (id),
  age_days integer not null,
  -- The day of the checkpoint that the score speaks of, not that of the run.
  checkpoint_day date not null,
  score double precision constraint release_scores_score_check check (score between 0 and 10),
  contributions jsonb not null default '[]',
  peers integer not null default 0,
  withheld_reason text,
  method_version text not null,
  computed_at timestamptz not null,
  constraint release_scores_key unique (run_id, release_id, age_days)
);
create index release_scores_latest_idx on release_scores (release_id, computed_at desc); -- the latest a release

create table ab_test_performance (
  id bigint generated always as identity constraint ab_test_performance_pkey primary key,
  test_name text not null,
  variant text not null,
  release_id integer constraint ab_test_performance_release_id_fkey references releases (id),
  content_id integer constraint ab_test_performance_content_id_fkey references contents (id),
  metric text not null,
  trials double precision not null,
  successes double precision,
  mean double precision,
  variance double precision,
  recorded_at timestamptz not null default now(),
  constraint ab_test_performance_key unique nulls not distinct (test_name, variant, release_id, content_id, metric)
);

create table performance_benchmarks (
  id bigint generated always as identity constraint performance_benchmarks_pkey primary key,
  artist_id integer constraint performance_benchmarks_artist_id_fkey references artists (id),
  origin text not null constraint performance_benchmarks_origin_check check (origin in ('own', 'external')),
  platform text not null,
  format text,
  industry text,
  metric text not null,
  age_days integer,
  p30 double precision,
  median double precision,
  p70 double precision,
  sample_size integer,
  run_id bigint,
  computed_at timestamptz not null,
  constraint performance_benchmarks_key
    unique nulls not distinct (artist_id, origin, platform, format, industry, metric, age_days)
);

-- The stock success tracker is event-sourced: the ranking of any date follows from these two.
create table stock_clip_usages (
  id bigint generated always as identity constraint stock_clip_usages_pkey primary key,
  source_name text not null constraint stock_clip_usages_source_name_check check (source_name <> ''),
  clip_id text not null constraint stock_clip_usages_clip_id_check check (clip_id <> ''),
  release_id integer not null constraint stock_clip_usages_release_id_fkey references releases (id),
  used_at timestamptz not null,
  constraint stock_clip_usages_key unique (source_name, clip_id, release_id)
);
create index stock_clip_usages_release_idx on stock_clip_usages (release_id); -- a release's clips

create table stock_performance_events (
  id bigint generated always as identity constraint stock_performance_events_pkey primary key,
  release_id integer not null constraint stock_performance_events_release_id_fkey references releases (id),
  performance_score double precision not null
    constraint stock_performance_events_score_check check (performance_score between 0 and 10),
  -- The day that the score speaks of; decay counts from it.
  event_day date not null,
  origin text not null constraint stock_performance_events_origin_check check (origin in ('logged', 'scored')),
  logged_at timestamptz not null,
  -- Logging a release's score again replaces it; the former one stays as history.
  superseded_at timestamptz
);
create unique index stock_performance_events_current_key
  on stock_performance_events (release_id) where superseded_at is null;
