-- A release too young for a trend may have a forecast all the same, borrowed from the artist's earlier ones.
alter table trend_analysis_results add column predictions jsonb;
comment on column trend_analysis_results.predictions is
  'The days ahead where the trend is withheld; null where the analysis holds them, and where there are none.';

-- A change of what is counted that only scales the values (a view from 1 second on instead of 30, say).
alter table metric_definitions add column comparable boolean not null default false,
  add constraint metric_definitions_comparable_check check (breaks_series or not comparable);
comment on column metric_definitions.comparable is
  'The two sides of the break differ by a factor: trends and forecasts bridge it, detectors do not cross it.';
