-- What the lists that are read page by page look up, where they scanned a whole table before.
create index performance_revisions_learnt_at_idx
  on performance_revisions (learnt_at, id); -- what was learnt since, and up to, a moment
create index trend_analysis_results_page_idx
  on trend_analysis_results (content_id, metric, computed_at desc, id desc); -- the latest of each metric, by content
