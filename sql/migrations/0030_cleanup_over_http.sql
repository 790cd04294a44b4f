-- Cleaning up over HTTP removes what workers remove; row security keeps every session to the rows that it sees.

grant delete on engagement_snapshots, trend_analysis_results, correlation_analysis_results,
  content_feature_analysis, release_scores, quarantined_rows, quota_usage, run_contents to tidemark_app;
