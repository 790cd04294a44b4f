-- Whoever keeps answers of reads hears when what they were made of has changed: `listen tidemark_changed`.

-- One notification a transaction, however many statements call it: Postgres folds equal ones. It is sent at the
-- commit, and never for a transaction that is rolled back.
create function notify_change() returns trigger language plpgsql as $$
begin
  perform pg_notify('tidemark_changed', '');
  return null;
end
$$;

-- By statement, since a load's chunk is a handful of statements over tens of thousands of rows. A later migration
-- that adds a table which reads are made of calls this for it.
create function watch_table(watched regclass) returns void language plpgsql as $$
begin
  execute format(
    'create trigger notify_change after insert or update or delete or truncate on %s
       for each statement execute function notify_change()', watched);
end
$$;
revoke execute on function watch_table(regclass) from public;

-- Left out: what no read of the library or the site is made of, and what every call to a platform writes to.
select watch_table(t.name::regclass)
from unnest(array[
  'artists', 'releases', 'accounts', 'contents', 'content_availability', 'metrics', 'metric_definitions',
  'engagement_snapshots', 'content_performance_history', 'account_days', 'performance_revisions', 'coverage',
  'content_feature_analysis', 'correlation_analysis_results', 'trend_analysis_results', 'anomalies',
  'anomaly_detectors', 'optimization_insights', 'insight_events', 'insight_outcomes', 'release_scores',
  'score_weights', 'performance_benchmarks', 'ab_tests', 'ab_test_variants', 'ab_test_assignments',
  'ab_test_performance', 'stock_clip_usages', 'stock_performance_events', 'annotations', 'quarantined_rows',
  'runs', 'schedules', 'backfill_plans', 'backfill_plan_days'
]) as t (name);
