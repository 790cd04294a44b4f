-- What a detector went by on each series, and why nothing was judged where nothing was: a series without an anomaly
-- is not one that nobody looked at.
create table judged_series (
  content_id integer not null constraint judged_series_content_id_fkey references contents (id) on delete cascade,
  metric text not null,
  method text not null,
  method_version text not null,
  -- Null where nothing was judged.
  parameters jsonb,
  -- Days with a value, of those from the first to the last.
  points integer not null,
  first_day date not null,
  last_day date not null,
  withheld_reason text,
  run_id bigint,
  judged_at timestamptz not null,
  constraint judged_series_pkey primary key (content_id, metric, method)
);

-- What a trend was told by: also where the analysis, which repeats it, is withheld.
alter table trend_analysis_results add column parameters jsonb;

do $$
begin
  perform secure_table('judged_series',
    '(select session_sees_every_artist()) or content_id in (select c.id from contents c)');
end
$$;
