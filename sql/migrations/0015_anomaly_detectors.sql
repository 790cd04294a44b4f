-- What a detector would have raised over an artist's history of a metric, and the threshold that follows from it.
create table anomaly_detectors (
  artist_id integer not null constraint anomaly_detectors_artist_id_fkey references artists (id),
  metric text not null,
  method text not null,
  method_version text not null,
  threshold double precision not null,
  enabled boolean not null,
  -- Why it is not enabled.
  reason text,
  alerts_per_series_year double precision not null,
  shared_per_series_year double precision not null,
  series_with_alerts double precision not null,
  budget double precision not null,
  series integer not null,
  series_years double precision not null,
  worst_content_id integer
    constraint anomaly_detectors_worst_content_id_fkey references contents (id) on delete set null,
  worst_alerts integer,
  simulated_at timestamptz not null,
  run_id bigint,
  constraint anomaly_detectors_pkey primary key (artist_id, metric, method),
  constraint anomaly_detectors_reason_check check (enabled = (reason is null))
);

-- Most series of the artist on the platform moved on that day: no event of this content's own.
alter table anomalies add column shared boolean not null default false;

do $$
begin
  perform secure_table('anomaly_detectors', '(select session_sees_every_artist())
    or artist_id = any ((select session_artists())::integer[])');
end
$$;
